import type { TopicSummary } from '../../kafka/resources.ts'

/** A topic with what two looks at it tell together. */
export type KnownTopic = TopicSummary & {
  /** Records written a second between the last two looks; null: not known yet. */
  messagesPerSecond: number | null
}

/** Over more than this, an average says nothing of now. */
const longestSpanMs = 10 * 60_000

/** `passedMs`: between the looks; null: there was none before. */
export function withRate(topic: TopicSummary, before: KnownTopic | undefined, passedMs: number | null): KnownTopic {
  const isSame = before?.id === topic.id
  if (!isSame || passedMs === null || passedMs <= 0 || passedMs > longestSpanMs)
    return { ...topic, messagesPerSecond: null }
  if (topic.endOffsets === null || before.endOffsets === null) return { ...topic, messagesPerSecond: null }
  const written = topic.endOffsets - before.endOffsets
  // Leaders that changed in between may each have told of another moment.
  return { ...topic, messagesPerSecond: Math.max(0, (written * 1_000) / passedMs) }
}

/** As it was just made or changed: what such a look leaves out stays as it was known, until the next whole one. */
export function withoutRate(topic: TopicSummary, before: KnownTopic | undefined): KnownTopic {
  if (before?.id !== topic.id) return { ...topic, messagesPerSecond: null }
  const { bytes, endOffsets, messagesPerSecond } = before
  return { ...topic, bytes: topic.bytes ?? bytes, endOffsets: topic.endOffsets ?? endOffsets, messagesPerSecond }
}
