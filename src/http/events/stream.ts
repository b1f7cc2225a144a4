import { z } from '@hono/zod-openapi'
import type { FeedEvent } from '../../services/events/read-events.ts'
import { isStillCaller } from '../authenticate.ts'
import { defineRoute } from '../route.ts'
import { openingFor } from './opening.ts'
import { streamFrom } from './stream-from.ts'

/**
 * Live changes as server-sent events. A reader that was away says the last id it saw and gets what it missed, or is told to
 * reload.
 */
export const streamEventsRoute = defineRoute({
  method: 'get',
  path: '/events/stream',
  summary: 'Live changes as server-sent events; resumes after Last-Event-ID',
  permission: 'instance:read',
  query: z.strictObject({
    lastEventId: z
      .string()
      .regex(/^\d{1,15}$/, 'An event id is a whole number.')
      .optional(),
  }),
  answers: { 200: z.string() },
  mediaType: 'text/event-stream',

  async handle({ world, request, query, caller }) {
    const { feed } = world
    const { scope } = caller
    const maySee = ({ instanceId }: FeedEvent) => !scope.only || (instanceId !== null && scope.has(instanceId))
    // Browsers send the header when they come back by themselves; a page that was reloaded has the parameter only.
    const last = request.headers.get('last-event-id') ?? query.lastEventId
    const { after, text } = await openingFor(feed, { last, maySee })
    const isOpen = () => isStillCaller(caller, world)
    const body = streamFrom({ feed, after, opening: text, maySee, isOpen, signal: request.signal })
    const headers = {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      // Proxies that gather answers before they pass them on must not.
      'X-Accel-Buffering': 'no',
    }
    return new Response(body, { headers })
  },
})
