import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readActivity } from '../../services/instances/read-activity.ts'
import { defineRoute } from '../route.ts'
import { listOf, pageView, pagingQuery, Time } from '../views/shapes.ts'

const ActivityShape = z
  .object({
    id: z.number().int(),
    kind: z.string(),
    message: z.string(),
    actor: z.string().nullable(),
    operationId: z.string().nullable(),
    createdAt: Time,
  })
  .openapi('Activity')

export const listInstanceEventsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/events',
  summary: 'What happened to an Instance, newest first',
  permission: 'instance:read',
  query: z.strictObject(pagingQuery),
  answers: { 200: listOf(ActivityShape) },

  async handle({ world, params, query }) {
    const { total, list } = await readActivity(world, { ...query, instanceId: params.instanceId as InstanceId })
    const views = list.map((activity) => ({ ...activity, createdAt: activity.createdAt.toISOString() }))
    return { status: 200, body: pageView(query, total, views) }
  },
})
