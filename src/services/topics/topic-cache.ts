import { toAppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { TopicSummary } from '../../kafka/resources.ts'
import { withoutRate, withRate, type KnownTopic } from './topic-rate.ts'

/**
 * The topics of Instances as they were told last. Ten thousand take Kafka a while to tell, and a page must not wait for it: what
 * is known is shown with its age, and asked for anew behind the reader's back. Changes made here are in it at once.
 */
export type TopicCache = {
  /** Throws what `load` throws only while nothing is known yet. */
  read(instanceId: InstanceId, load: Load): Promise<KnownTopics>
  /** A topic is there, or is otherwise now. What is not said of it is as it was. */
  put(instanceId: InstanceId, topic: TopicSummary): void
  /** A topic is gone. */
  drop(instanceId: InstanceId, name: string): void
}

/** A glance is quick, and leaves out sizes, offsets and settings. */
type Load = (options: { isGlance: boolean }) => Promise<TopicSummary[]>

export type KnownTopics = {
  topics: readonly KnownTopic[]
  asOf: Date
  /** Why they could not be asked for anew; null: they could, or they are as new as they need be. */
  problem: string | null
}

type Entry = {
  topics: Map<string, KnownTopic>
  /** Milliseconds since 1970; null: nothing is known yet. */
  asOf: number | null
  trouble: unknown
  /** Changes made here since each question that is under way: its answer may be from before them. */
  since: Set<Change[]>
  loading: Promise<void> | null
}

type Change = (topics: Entry['topics']) => void

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

  const entryOf = (instanceId: InstanceId): Entry => {
    const entry = entries.get(instanceId) ?? newEntry()
    entries.delete(instanceId)
    entries.set(instanceId, entry)
    for (const oldest of [...entries.keys()].slice(0, Math.max(0, entries.size - most))) entries.delete(oldest)
    return entry
  }

  const refresh = async (entry: Entry, load: Load, isGlance: boolean): Promise<void> => {
    const changes: Change[] = []
    const startedAt = now().getTime()
    entry.since.add(changes)
    let topics: TopicSummary[]
    try {
      topics = await load({ isGlance })
    } finally {
      entry.since.delete(changes)
    }
    // The whole answer may have come while only a glance was taken.
    if (isGlance && entry.asOf !== null) return
    const passedMs = entry.asOf === null ? null : startedAt - entry.asOf
    const known = topics.map((topic) => withRate(topic, entry.topics.get(topic.name), passedMs))
    entry.topics = new Map(known.map((topic) => [topic.name, topic]))
    for (const change of changes) change(entry.topics)
    Object.assign(entry, { asOf: startedAt, trouble: null })
  }

  return {
    async read(instanceId, load) {
      const entry = entryOf(instanceId)
      if (entry.asOf !== null && now().getTime() - entry.asOf <= freshMs) return viewOf(entry)
      entry.loading ??= refresh(entry, load, false)
        .catch((error: unknown) => void (entry.trouble = error))
        .finally(() => (entry.loading = null))
      const isSlow = await outlasts(patienceMs, entry.loading)
      if (isSlow && entry.asOf === null) await refresh(entry, load, true)
      return viewOf(entry)
    },
    put: (instanceId, topic) =>
      make(entries.get(instanceId), (topics) => topics.set(topic.name, withoutRate(topic, topics.get(topic.name)))),
    drop: (instanceId, name) => make(entries.get(instanceId), (topics) => topics.delete(name)),
  }
}

const newEntry = (): Entry => ({ topics: new Map(), asOf: null, trouble: null, since: new Set(), loading: null })

function make(entry: Entry | undefined, change: Change): void {
  if (!entry) return
  change(entry.topics)
  for (const changes of entry.since) changes.push(change)
}

function viewOf({ topics, asOf, trouble }: Entry): KnownTopics {
  if (asOf === null) throw trouble
  const problem = trouble === null ? null : toAppError(trouble).message
  return { topics: [...topics.values()], asOf: new Date(asOf), problem }
}

async function outlasts(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), limitMs)
  const isSlow = await Promise.race([work.then(() => false), promise])
  clearTimeout(timer)
  return isSlow
}
