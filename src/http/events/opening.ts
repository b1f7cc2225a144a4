import type { EventFeed } from '../../services/events/event-feed.ts'
import type { FeedEvent } from '../../services/events/read-events.ts'
import { frameOf } from './frame.ts'

/** What a reader of the stream is sent first, and the id that its subscription goes on from. */
export type Opening = { after: number; text: string }

export type Reader = {
  /** The last id that it saw. */
  last: string | undefined
  maySee(event: FeedEvent): boolean
}

export async function openingFor(feed: EventFeed, { last: asked, maySee }: Reader): Promise<Opening> {
  const newest = await feed.newestId()
  // A first id, so that also a reader who has seen nothing yet can resume.
  if (asked === undefined) return { after: newest, text: `id: ${newest}\n: connected\n\n` }
  const reload = { after: newest, text: `id: ${newest}\nevent: reload\ndata: {}\n\n` }
  if (!/^\d{1,15}$/.test(asked)) return reload
  const missed = await feed.since(Number(asked))
  if (missed === 'unknown') return reload
  return {
    after: missed.at(-1)?.id ?? Number(asked),
    text: `: connected\n\n${missed.filter(maySee).map(frameOf).join('')}`,
  }
}
