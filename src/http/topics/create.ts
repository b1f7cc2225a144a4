import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { partitionLimits, repeatedKeys, strategyProblem } from '../../domain/topic.ts'
import { createTopic } from '../../services/topics/change-topics.ts'
import { repeatHeader } from '../idempotency.ts'
import { refusal } from '../read-request.ts'
import { apiRoot, defineRoute } from '../route.ts'
import {
  configKey,
  configList,
  configValue,
  keyAndValue,
  partitionCount,
  theBodyIsAnObject,
  TopicShape,
  topicView,
} from './shapes.ts'

const factorRule = 'A replication factor is a whole number from 1.'

const NewTopic = z
  .strictObject(
    {
      name: z.string('The name is a text.'),
      partition: partitionCount.default(partitionLimits.usual),
      replicationFactor: z.int(factorRule).min(1, factorRule).max(32_767, factorRule).optional(),
      compactStrategy: z
        .string('A strategy is a text such as DELETE or COMPACT.')
        .optional()
        .openapi({ description: 'Another way to say cleanup.policy: DELETE, COMPACT, COMPACT,DELETE' }),
      configs: configList(z.strictObject({ key: configKey, value: configValue }, keyAndValue)).default([]),
    },
    theBodyIsAnObject,
  )
  .openapi('NewTopic')

export const createTopicRoute = defineRoute({
  method: 'post',
  path: '/instances/{instanceId}/topics',
  summary: 'Create a topic; every broker has it when the answer comes',
  permission: 'topic:manage',
  mayRepeat: () => true,
  body: NewTopic,
  answers: { 201: TopicShape },

  async handle({ world, params, body, caller, once }) {
    const instanceId = params.instanceId as InstanceId
    const { name, partition, replicationFactor, compactStrategy } = body
    const wish = { name, partitions: partition, replicationFactor, configs: configsOf(body) }
    const by = { instanceId, actor: caller.actor, once }
    const { topic, isRepeat } = await createTopic(world, { ...wish, ...by, strategy: compactStrategy })
    const headers = { Location: `${apiRoot}/instances/${instanceId}/topics/${topic.id}`, ...repeatHeader(isRepeat) }
    return { status: 201, body: topicView(topic), headers }
  },
})

function configsOf({ configs, compactStrategy }: z.output<typeof NewTopic>): Record<string, string> {
  const twice = repeatedKeys(configs)
  if (twice.length > 0) throw refusal('Topic.Invalid', twice)
  const given = Object.fromEntries(configs.map(({ key, value }) => [key, value]))
  const message = strategyProblem(given, compactStrategy)
  if (message) throw refusal('Topic.Invalid', [{ path: 'compactStrategy', message }])
  return given
}
