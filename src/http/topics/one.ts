import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { configureTopic, deleteTopic, growTopic } from '../../services/topics/change-topics.ts'
import { readPartitions, readTopic, readTopicSettings } from '../../services/topics/read-topics.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type AnyRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'
import {
  configKey,
  configList,
  configValue,
  keyAndValue,
  partitionCount,
  PartitionShape,
  partitionView,
  theBodyIsAnObject,
  TopicSettingShape,
  topicSettingView,
  TopicShape,
  topicView,
} from './shapes.ts'

/** One topic: looked at, and changed. Asked of Kafka each time, so that a program sees what it has just done. */
const path = '/instances/{instanceId}/topics/{topicId}'

const topicOf = ({ instanceId, topicId }: Record<string, string>) => ({
  instanceId: instanceId as InstanceId,
  topicId: topicId!,
})

const get = defineRoute({
  method: 'get',
  path,
  summary: 'Get a topic',
  permission: 'topic:read',
  answers: { 200: TopicShape },
  handle: async ({ world, params }) => ({ status: 200, body: topicView(await readTopic(world, topicOf(params))) }),
})

const partitions = defineRoute({
  method: 'get',
  path: `${path}/partitions`,
  summary: 'The partitions of a topic, with leader, replicas, offsets and sizes',
  permission: 'topic:read',
  answers: { 200: listOf(PartitionShape) },
  async handle({ world, params }) {
    const list = await readPartitions(world, topicOf(params))
    return { status: 200, body: wholeView(list.map(partitionView)) }
  },
})

const settings = defineRoute({
  method: 'get',
  path: `${path}/settings`,
  summary: 'Every setting of a topic: what is in force, from where, and what Kafka says of it',
  permission: 'topic:read',
  answers: { 200: listOf(TopicSettingShape) },
  async handle({ world, params }) {
    const list = await readTopicSettings(world, topicOf(params))
    return { status: 200, body: wholeView(list.map(topicSettingView)) }
  },
})

const PartitionCount = z.strictObject({ partition: partitionCount }, theBodyIsAnObject).openapi('PartitionCount')

const grow = defineRoute({
  method: 'patch',
  path: `${path}/partition-counts`,
  summary: 'Add partitions. Records with a key go to another partition than before',
  permission: 'topic:manage',
  mayRepeat: () => true,
  body: PartitionCount,
  answers: { 200: TopicShape },
  async handle({ world, params, body, caller, once }) {
    const request = { ...topicOf(params), partitions: body.partition, actor: caller.actor, once }
    const { topic, isRepeat } = await growTopic(world, request)
    return { status: 200, body: topicView(topic), headers: repeatHeader(isRepeat) }
  },
})

const TopicConfigs = z
  .strictObject(
    {
      configs: configList(
        z.strictObject(
          { key: configKey, value: configValue.nullable().openapi({ description: 'null: as it is for all topics' }) },
          keyAndValue,
        ),
      ).min(1, 'Name at least one setting.'),
    },
    theBodyIsAnObject,
  )
  .openapi('TopicConfigs')

const configure = defineRoute({
  method: 'patch',
  path: `${path}/configurations`,
  summary: 'Change settings of a topic; those that are not named stay',
  permission: 'topic:manage',
  mayRepeat: () => true,
  body: TopicConfigs,
  answers: { 200: TopicShape },
  async handle({ world, params, body, caller, once }) {
    const request = { ...topicOf(params), ...body, actor: caller.actor, once }
    const { topic, isRepeat } = await configureTopic(world, request)
    return { status: 200, body: topicView(topic), headers: repeatHeader(isRepeat) }
  },
})

const remove = defineRoute({
  method: 'delete',
  path,
  summary: 'Delete a topic with its records; gone already is success',
  permission: 'topic:manage',
  mayRepeat: () => true,
  answers: { 204: null },
  async handle({ world, params, caller }) {
    await deleteTopic(world, { ...topicOf(params), actor: caller.actor })
    return { status: 204 }
  },
})

export const topicRoutes: readonly AnyRoute[] = [get, partitions, settings, grow, configure, remove]
