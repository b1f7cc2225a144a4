import { z } from '@hono/zod-openapi'
import type { FeedEvent } from '../../services/events/read-events.ts'
import { Time } from '../views/shapes.ts'

export const EventShape = z
  .object({
    id: z.number().int(),
    kind: z.string(),
    instanceId: z.string().nullable(),
    operationId: z.string().nullable(),
    message: z.string(),
    createdAt: Time,
  })
  .openapi('Event')

export const eventView = (event: FeedEvent): z.input<typeof EventShape> => ({
  id: event.id,
  kind: event.kind,
  instanceId: event.instanceId,
  operationId: event.operationId,
  message: event.message,
  createdAt: event.createdAt.toISOString(),
})
