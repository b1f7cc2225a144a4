import { z } from '@hono/zod-openapi'
import { readEventsAfter } from '../../services/events/read-events.ts'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'
import { eventView, EventShape } from './shape.ts'

const number = z
  .string()
  .regex(/^\d{1,15}$/, 'This is a whole number.')
  .transform(Number)

export const listEventsRoute = defineRoute({
  method: 'get',
  path: '/events',
  summary: 'Events after an id, oldest first',
  permission: 'instance:read',
  query: z.strictObject({
    after: number.default(0),
    limit: number.pipe(z.number().min(1).max(1000, 'At most 1000 events come at once.')).default(100),
  }),
  answers: { 200: listOf(EventShape) },

  async handle({ world, query, caller }) {
    const events = await readEventsAfter(world, { ...query, only: caller.scope.only })
    return { status: 200, body: wholeView(events.map(eventView)) }
  },
})
