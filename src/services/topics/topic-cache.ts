import type { InstanceId } from '../../domain/id.ts'
import type { TopicSummary } from '../../kafka/resources.ts'

/**
 * The topics of Instances as they were told last. Ten thousand take Kafka a while to tell, and a page must not wait for it: what
 * is known is shown with its age, and asked for anew behind the reader's back. Changes made here are in it at once.
 */
export type TopicCache = {
  read(instanceId: InstanceId, load: () => Promise<TopicSummary[]>): Promise<KnownTopics>
  /** A topic is there, or is otherwise now. */
  put(instanceId: InstanceId, topic: TopicSummary): void
  /** A topic is gone. */
  drop(instanceId: InstanceId, name: string): void
}

export type KnownTopics = {
  topics: readonly TopicSummary[]
  asOf: Date
  /** Why they could not be asked for anew; null: they could, or they are as new as they need be. */
  problem: string | null
}

type Entry = {
  topics: Map<string, TopicSummary>
  asOf: number
  problem: string | null
  /** Counts changes made here: what was asked for before one does not know of it. */
  changes: number
  loading: Promise<void> | null
}

export type TopicCacheOptions = {
  now(): Date
  /** How old an answer may be without being asked for anew. */
  freshMs?: number
  /** How long a reader waits for it. */
  patienceMs?: number
  /** Instances that are kept; those that nobody looked at for longest go first. */
  most?: number
}

export function makeTopicCache({ now, freshMs = 3_000, patienceMs = 400, most = 100 }: TopicCacheOptions): TopicCache {
  const entries = new Map<InstanceId, Entry>()
  const nowMs = () => now().getTime()

  const entryOf = (instanceId: InstanceId): Entry => {
    const known = entries.get(instanceId)
    const entry = known ?? { topics: new Map(), asOf: -Infinity, problem: null, changes: 0, loading: null }
    entries.delete(instanceId)
    entries.set(instanceId, entry)
    for (const oldest of [...entries.keys()].slice(0, Math.max(0, entries.size - most))) entries.delete(oldest)
    return entry
  }

  const refresh = async (entry: Entry, load: () => Promise<TopicSummary[]>): Promise<void> => {
    const { changes } = entry
    const startedAt = nowMs()
    const topics = await load()
    // A change in between: what was told may be from before it, and the next reader asks again.
    if (entry.changes !== changes && entry.asOf > -Infinity) return
    Object.assign(entry, {
      topics: new Map(topics.map((topic) => [topic.name, topic])),
      asOf: startedAt,
      problem: null,
    })
  }

  const viewOf = ({ topics, asOf, problem }: Entry): KnownTopics => ({
    topics: [...topics.values()],
    asOf: new Date(asOf),
    problem,
  })

  return {
    async read(instanceId, load) {
      const entry = entryOf(instanceId)
      if (nowMs() - entry.asOf <= freshMs) return viewOf(entry)
      const isNew = entry.asOf === -Infinity
      entry.loading ??= refresh(entry, load).finally(() => (entry.loading = null))
      // The first reader has nothing else to look at.
      if (isNew) await entry.loading
      else
        await within(
          patienceMs,
          entry.loading.catch((error: unknown) => void (entry.problem = wordsOf(error))),
        )
      return viewOf(entry)
    },
    put(instanceId, topic) {
      const entry = entries.get(instanceId)
      if (!entry) return
      entry.changes++
      entry.topics.set(topic.name, topic)
    },
    drop(instanceId, name) {
      const entry = entries.get(instanceId)
      if (!entry) return
      entry.changes++
      entry.topics.delete(name)
    },
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limitMs)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
