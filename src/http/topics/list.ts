import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readTopics, topicSorts } from '../../services/topics/read-topics.ts'
import { defineRoute } from '../route.ts'
import { flag, listOf, pageView, pagingQuery, Time } from '../views/shapes.ts'
import { ListedTopicShape, listedTopicView } from './shapes.ts'

const TopicList = listOf(ListedTopicShape).extend({
  asOf: Time.openapi({ description: 'When Kafka told of them' }),
  problem: z.string().nullable().openapi({ description: 'Why it could not be asked anew; null: it could' }),
})

export const listTopicsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/topics',
  summary: 'List topics, as of a moment ago; changes made here are in it at once',
  permission: 'topic:read',
  query: z.strictObject({
    ...pagingQuery,
    keyword: z.string().max(256, 'A keyword has at most 256 characters.').optional(),
    internal: flag.optional().openapi({ description: "Kafka's own and Millrace's too" }),
    sort: z.enum(topicSorts, `Sort by one of ${topicSorts.join(', ')}.`).default('name'),
    desc: flag.optional(),
  }),
  answers: { 200: TopicList },

  async handle({ world, params, query }) {
    const { internal = false, desc = false } = query
    const question = { ...query, internal, desc, instanceId: params.instanceId as InstanceId }
    const { total, list, asOf, problem } = await readTopics(world, question)
    const page = pageView(query, total, list.map(listedTopicView))
    return { status: 200, body: { ...page, asOf: asOf.toISOString(), problem } }
  },
})
