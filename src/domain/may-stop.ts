import type { MinInSync, Observation, PartitionState } from './observation.ts'
import { caughtUpWithin, type Expected } from './rolling.ts'

/**
 * May these nodes be away now? Counterfactual, partition by partition and for the quorum: what would be left without them is
 * held against what the topic and the quorum demand.
 */
export type Evidence = { observation: Observation; minInSync: MinInSync; expected: Expected }

/** In-sync replicas that a partition could lose beyond these and still take records. */
export type Margin = { topic: string; partition: number; spare: number }

/** The evidence for one decision; stored with the Operation and shown in its timeline. */
export type GateReport = {
  partitionsExamined: number
  tightest: Margin | null
  quorum: { voters: number; caughtUp: number; largestLag: number } | null
}

export type StopAnswer = { allowed: boolean; why: string | null; report: GateReport }

export type TopicAtRisk = { topic: string; replicas: number; minInSync: number; why: string }

/** A topic that nobody asked Kafka for counts as one that needs a single replica. */
export const minInSyncOf = (minInSync: MinInSync, topic: string): number => minInSync.get(topic) ?? 1

/** Topics at risk do not forbid when a person has accepted them: they were named before. */
export function mayStop(
  { observation, minInSync, expected }: Evidence,
  leaving: number[],
  { acceptTopicsAtRisk = false }: { acceptTopicsAtRisk?: boolean } = {},
): StopAnswer {
  const touched = observation.partitions.filter(({ inSync }) => inSync.some((id) => leaving.includes(id)))
  const margins = touched.map((state) => marginOf(state, minInSyncOf(minInSync, state.topic), leaving))
  const risky = new Set(acceptTopicsAtRisk ? topicsAtRisk(observation, minInSync).map(({ topic }) => topic) : [])
  const judged = margins.filter(({ topic }) => !risky.has(topic))
  const tightest = judged.reduce<Margin | null>((least, one) => (least && least.spare <= one.spare ? least : one), null)
  const quorum = quorumReport(observation, expected)
  const report = { partitionsExamined: observation.partitions.length, tightest, quorum }
  const why = quorumForbids(observation, expected, leaving) ?? partitionForbids(tightest, minInSync, leaving)
  return { allowed: why === null, why, report }
}

function marginOf({ topic, partition, inSync }: PartitionState, least: number, leaving: number[]): Margin {
  const left = inSync.filter((id) => !leaving.includes(id)).length
  return { topic, partition, spare: left - Math.max(1, least) }
}

function partitionForbids(tightest: Margin | null, minInSync: MinInSync, leaving: number[]): string | null {
  if (!tightest || tightest.spare >= 0) return null
  const { topic, partition, spare } = tightest
  const least = Math.max(1, minInSyncOf(minInSync, topic))
  return `without node ${leaving.join(', ')}, partition ${partition} of topic ${topic} would have ${least + spare} replicas in sync, and needs ${least}`
}

function quorumReport({ quorum }: Observation, { voters }: Expected): GateReport['quorum'] {
  if (!quorum) return null
  const lags = quorum.voters.filter(({ kafkaId }) => voters.includes(kafkaId)).map(({ lag }) => lag)
  const caughtUp = lags.filter((lag) => lag <= caughtUpWithin).length
  return { voters: voters.length, caughtUp, largestLag: Math.max(0, ...lags) }
}

/** A majority of all voters must be left that has caught up. */
function quorumForbids({ quorum }: Observation, { voters }: Expected, leaving: number[]): string | null {
  if (!quorum) return 'the controller quorum cannot be seen'
  if (!voters.some((id) => leaving.includes(id))) return null
  const left = quorum.voters.filter(
    ({ kafkaId, lag }) => voters.includes(kafkaId) && !leaving.includes(kafkaId) && lag <= caughtUpWithin,
  )
  const majority = Math.floor(voters.length / 2) + 1
  if (left.length >= majority) return null
  return `without node ${leaving.join(', ')}, ${left.length} of ${voters.length} controllers would be left that have caught up, and the quorum needs ${majority}`
}

/** Topics that no restart can spare: as many replicas must be in sync as there are, or there is only one. By name. */
export function topicsAtRisk({ partitions }: Observation, minInSync: MinInSync): TopicAtRisk[] {
  const topics = new Map<string, TopicAtRisk>()
  for (const { topic, replicas } of partitions) {
    const least = minInSyncOf(minInSync, topic)
    if (replicas.length > Math.max(1, least) || topics.has(topic)) continue
    topics.set(topic, { topic, replicas: replicas.length, minInSync: least, why: riskOf(replicas.length, least) })
  }
  return [...topics.values()].toSorted((a, b) => a.topic.localeCompare(b.topic))
}

const riskOf = (replicas: number, least: number): string =>
  replicas === 1
    ? 'it has one replica, so it is away while its node is'
    : `it has ${replicas} replicas and needs ${least} in sync, so it takes no records while one of its nodes is away`
