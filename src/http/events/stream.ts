import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { EventFeed } from '../../services/events/event-feed.ts'
import type { FeedEvent } from '../../services/events/read-events.ts'
import { eventView } from './shape.ts'

/**
 * Live changes as server-sent events. A reader that was away says the last id it saw and gets what it missed, or is told to
 * reload. One that does not keep up is cut off rather than held in memory: it comes back and resumes.
 */
const heartbeatMs = 15_000
const mostBehindBytes = 256 * 1024

export const StreamQuery = z.strictObject({
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/, 'An event id is a whole number.')
    .optional(),
})

export type StreamOptions = {
  feed: EventFeed
  /** Asked at each heartbeat: a session that has ended hears no more. */
  isStillCaller(): Promise<boolean>
}

export async function streamEvents(c: Context, { feed, isStillCaller }: StreamOptions): Promise<Response> {
  const asked = c.req.header('last-event-id') ?? c.req.query('lastEventId')
  const { after, opening } = await openingFor(feed, asked === undefined ? undefined : Number(asked))
  let unsubscribe = () => {}
  let heartbeat: NodeJS.Timeout | undefined
  const end = () => {
    unsubscribe()
    clearInterval(heartbeat)
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const close = () => {
          end()
          controller.close()
        }
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) < 0) return close()
          controller.enqueue(encoder.encode(text))
        }
        send(opening)
        unsubscribe = feed.subscribe(after, (events) => send(events.map(frameOf).join('')))
        heartbeat = setInterval(async () => {
          if (await isStillCaller().catch(() => true)) send(': heartbeat\n\n')
          else close()
        }, heartbeatMs)
        c.req.raw.signal.addEventListener('abort', end)
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostBehindBytes }),
  )
  return c.body(body, 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  })
}

const encoder = new TextEncoder()

/** What is sent first, and the id that the subscription goes on from. */
async function openingFor(feed: EventFeed, asked: number | undefined): Promise<{ after: number; opening: string }> {
  const newest = await feed.newestId()
  // A first id, so that also a reader who has seen nothing yet can resume.
  const hello = `id: ${newest}\n: connected\n\n`
  if (asked === undefined) return { after: newest, opening: hello }
  const missed = await feed.since(asked)
  if (missed === 'too-old') return { after: newest, opening: `id: ${newest}\nevent: reload\ndata: {}\n\n` }
  return { after: missed.at(-1)?.id ?? asked, opening: `: connected\n\n${missed.map(frameOf).join('')}` }
}

const frameOf = (event: FeedEvent): string =>
  `id: ${event.id}\nevent: change\ndata: ${JSON.stringify(eventView(event))}\n\n`
