import type { EventFeed } from '../../services/events/event-feed.ts'
import type { FeedEvent } from '../../services/events/read-events.ts'
import { frameOf } from './frame.ts'

/** The body of one event stream. */
export type StreamSource = {
  feed: EventFeed
  after: number
  opening: string
  maySee(event: FeedEvent): boolean
  /** Asked at each heartbeat: a session that has ended hears no more. */
  isOpen(): Promise<boolean>
  /** Aborted when the caller goes away. */
  signal: AbortSignal
}

const heartbeatMs = 15_000

/** A reader that is further behind is cut off rather than held in memory: it comes back and resumes. */
const mostBehindBytes = 256 * 1024

const encoder = new TextEncoder()

export function streamFrom(source: StreamSource): ReadableStream<Uint8Array> {
  const { feed, after, opening, maySee, isOpen, signal } = source
  const ending = new AbortController()
  const end = () => ending.abort()
  let isRead = true

  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const send = (text: string) => {
      if (ending.signal.aborted) return
      if ((controller.desiredSize ?? 0) < 0) return end()
      controller.enqueue(encoder.encode(text))
    }
    const beat = async () => {
      if (await isOpen()) send(': heartbeat\n\n')
      else end()
    }
    // The database may be away for a moment; the session is asked for again at the next beat.
    const heartbeat = setInterval(() => void beat().catch(() => send(': heartbeat\n\n')), heartbeatMs)
    ending.signal.addEventListener('abort', () => {
      clearInterval(heartbeat)
      // Cancelling has closed it already.
      if (isRead) controller.close()
    })
    signal.addEventListener('abort', end)
    send(opening)
    const onEvents = (events: FeedEvent[]) => send(events.filter(maySee).map(frameOf).join(''))
    feed.subscribe({ after, signal: ending.signal, onEvents, onClosed: end })
  }
  const cancel = () => {
    isRead = false
    end()
  }
  return new ReadableStream({ start, cancel }, new ByteLengthQueuingStrategy({ highWaterMark: mostBehindBytes }))
}
