import { listen, type ListenRequest } from '../../store/listen.ts'
import { eventRange, eventsChannel, listEventsAfter, type Event } from '../../store/events.ts'
import type { ServiceContext } from '../context.ts'

/**
 * The feed as this process hands it out: one connection listens, each event is read once and given to every subscriber, and
 * the newest ones are kept, so that a page that comes back after a moment costs no query.
 */
export type EventFeed = {
  subscribe(subscription: Subscription): void
  /** What a reader who last saw `after` missed; `unknown` when that is no longer kept, or is no id of this feed. */
  since(after: number): Promise<Event[] | 'unknown'>
  newestId(): Promise<number>
  close(): Promise<void>
}

/** Hears every event after `after`, in order, until the signal is aborted, or until the feed closes. */
export type Subscription = { after: number; signal: AbortSignal; onEvents(events: Event[]): void; onClosed(): void }

const tailLength = 1_000
const mostMissed = 1_000
const batch = 500

type Feed = ServiceContext & { connection: ListenRequest['connection']; onTrouble(thrown: unknown): void }

export function openEventFeed({ db, environmentId, connection, onTrouble }: Feed): EventFeed {
  let tail: Event[] = []
  let newest: number | undefined
  let reading: Promise<void> | undefined
  let again = false
  const subscribers = new Set<{ tell(events: Event[]): void; onClosed(): void }>()

  const readNew = async () => {
    newest ??= (await eventRange(db)).newest
    for (let events = await listEventsAfter(db, environmentId, { after: newest, limit: batch }); events.length > 0;) {
      newest = events.at(-1)!.id
      tail = [...tail, ...events].slice(-tailLength)
      for (const { tell } of subscribers) tell(events)
      events = events.length === batch ? await listEventsAfter(db, environmentId, { after: newest, limit: batch }) : []
    }
  }

  /** Many announcements that come while one reading is under way cost one more reading. */
  const nudge = () => {
    again = true
    reading ??= (async () => {
      while (again) {
        again = false
        await readNew().catch(onTrouble)
      }
      reading = undefined
    })()
  }

  const listener = listen({ connection, channel: eventsChannel, onNotification: nudge, onConnected: nudge })

  return {
    subscribe({ after, signal, onEvents, onClosed }) {
      let last = after
      const tell = (events: Event[]) => {
        const fresh = events.filter(({ id }) => id > last)
        if (fresh.length === 0 || signal.aborted) return
        last = fresh.at(-1)!.id
        onEvents(fresh)
      }
      const subscriber = { tell, onClosed }
      subscribers.add(subscriber)
      signal.addEventListener('abort', () => subscribers.delete(subscriber))
      // What came between the reader's last id and now.
      tell(tail)
    },
    async since(after) {
      const first = tail[0]
      if (first && after >= first.id - 1 && after <= tail.at(-1)!.id) return tail.filter(({ id }) => id > after)
      const { oldest, newest: last } = await eventRange(db)
      if (after < oldest - 1 || after > last) return 'unknown'
      const missed = await listEventsAfter(db, environmentId, { after, limit: mostMissed })
      return missed.length === mostMissed ? 'unknown' : missed
    },
    newestId: async () => newest ?? (await eventRange(db)).newest,
    async close() {
      for (const { onClosed } of subscribers) onClosed()
      await listener.close()
      await reading
    },
  }
}
