import type { FeedEvent } from '../../services/events/read-events.ts'
import { eventView } from './shape.ts'

/** An event as server-sent events write it. Many readers get the same one: it is written once. */
export function frameOf(event: FeedEvent): string {
  const known = frames.get(event)
  if (known !== undefined) return known
  const frame = `id: ${event.id}\nevent: change\ndata: ${JSON.stringify(eventView(event))}\n\n`
  frames.set(event, frame)
  return frame
}

const frames = new WeakMap<FeedEvent, string>()
