import type { MinInSync, Observation, PartitionState } from './observation.ts'
import { caughtUpWithin, type Expected } from './rolling.ts'

/**
 * May these nodes be away now? Counterfactual, partition by partition and for the quorum: what would be left without them is
 * held against what the topic and the quorum demand.
 */
export type Evidence = { observation: Observation; minInSync: MinInSync; expected: Expected }

/** In-sync replicas that a partition would have left beyond those that it needs; negative: it forbids. */
export type Margin = { topic: string; partition: number; spare: number }

/** The evidence for one decision; stored with the Operation and shown in its timeline. */
export type GateReport = {
  partitionsExamined: number
  /** Of the partitions that the nodes are in sync with; null: none. */
  tightest: Margin | null
  quorum: { voters: number; caughtUp: number; largestLag: number } | null
}

export type StopAnswer = { allowed: boolean; why: string | null; report: GateReport }

export type TopicAtRisk = { topic: string; replicas: number; minInSync: number; why: string }

/** A topic that nobody asked Kafka for counts as one that needs a single replica. */
export const minInSyncOf = (minInSync: MinInSync, topic: string): number => Math.max(1, minInSync.get(topic) ?? 1)

/** Brokers that do not answer. Kafka counts them as in sync and as caught up until their session ends; here they do not count. */
export const silentOf = ({ views }: Observation): number[] =>
  views.filter(({ sees }) => sees === null).map(({ kafkaId }) => kafkaId)

type StopOptions = { acceptTopicsAtRisk?: boolean }

/**
 * May all of `leaving` be down at once? A topic at risk always says no; once accepted, because a person has seen it named, it
 * asks only that nobody else is missing.
 */
export function mayStop(
  { observation, minInSync }: Evidence,
  leaving: number[],
  options: StopOptions = {},
): StopAnswer {
  const gone = new Set([...leaving, ...silentOf(observation)])
  const standings = observation.partitions
    .filter(({ inSync }) => inSync.some((id) => leaving.includes(id)))
    .map((state) => {
      const least = minInSyncOf(minInSync, state.topic)
      const isAccepted = options.acceptTopicsAtRisk === true && isAtRisk(state, least)
      const needs = isAccepted ? state.replicas.filter((id) => !leaving.includes(id)).length : least
      return { state, least, needs, left: state.inSync.filter((id) => !gone.has(id)).length }
    })
  const tightest = standings.reduce<Standing | null>(
    (least, one) => (least && spareOf(least) <= spareOf(one) ? least : one),
    null,
  )
  const why = quorumForbids(observation, leaving) ?? partitionsForbid({ standings, tightest, observation, leaving })
  return { allowed: why === null, why, report: reportOf(observation, tightest) }
}

/** A partition without the nodes in question. */
type Standing = { state: PartitionState; least: number; needs: number; left: number }

const spareOf = ({ left, needs }: Standing): number => left - needs

const isAtRisk = ({ replicas }: PartitionState, least: number): boolean => replicas.length <= least

function reportOf(observation: Observation, tightest: Standing | null): GateReport {
  const { quorum, partitions } = observation
  return {
    partitionsExamined: partitions.length,
    tightest: tightest && {
      topic: tightest.state.topic,
      partition: tightest.state.partition,
      spare: spareOf(tightest),
    },
    quorum: quorum && {
      voters: quorum.voters.length,
      caughtUp: votersWithout(observation, []).left,
      largestLag: Math.max(0, ...quorum.voters.map(({ lag }) => lag)),
    },
  }
}

type Refusal = { standings: Standing[]; tightest: Standing | null; observation: Observation; leaving: number[] }

function partitionsForbid({ standings, tightest, observation, leaving }: Refusal): string | null {
  if (!tightest || spareOf(tightest) >= 0) return null
  const { state, least, needs, left } = tightest
  const short = standings.filter((standing) => spareOf(standing) < 0).length
  const which = short === 1 ? '' : `${short} partitions would have too few replicas in sync, the tightest being `
  const silent = silentOf(observation).filter((id) => state.inSync.includes(id) && !leaving.includes(id))
  const others = silent.length > 0 ? ` (node ${silent.join(', ')} does not answer)` : ''
  const risk = isAtRisk(state, least) && needs === least ? '; no restart can spare this topic' : ''
  const counts = `would have ${left} of its ${state.replicas.length} replicas in sync, and needs ${needs}`
  return `without node ${leaving.join(', ')}, ${which}partition ${state.partition} of topic ${state.topic} ${counts}${others}${risk}`
}

/** Voters that would be left and have caught up, and how many the quorum needs to decide anything. */
export function votersWithout(
  observation: Observation,
  lost: number[],
): { left: number; all: number; majority: number } {
  const gone = new Set([...lost, ...silentOf(observation)])
  const voters = observation.quorum?.voters ?? []
  const left = voters.filter(({ kafkaId, lag }) => !gone.has(kafkaId) && lag <= caughtUpWithin).length
  return { left, all: voters.length, majority: Math.floor(voters.length / 2) + 1 }
}

function quorumForbids(observation: Observation, leaving: number[]): string | null {
  if (!observation.quorum) return 'the controller quorum cannot be seen'
  if (observation.quorum.leaderId < 0) return 'the controller quorum has no leader'
  const { left, all, majority } = votersWithout(observation, leaving)
  if (left >= majority) return null
  return `without node ${leaving.join(', ')}, ${left} of ${all} controllers would be left that have caught up, and the quorum needs ${majority}`
}

/** Topics that no restart can spare: as many replicas must be in sync as there are, or there is only one. By name. */
export function topicsAtRisk({ partitions }: Observation, minInSync: MinInSync): TopicAtRisk[] {
  const topics = new Map<string, TopicAtRisk>()
  for (const state of partitions) {
    const { topic, replicas } = state
    const least = minInSyncOf(minInSync, topic)
    if (!isAtRisk(state, least) || topics.has(topic)) continue
    topics.set(topic, { topic, replicas: replicas.length, minInSync: least, why: riskOf(replicas.length, least) })
  }
  return [...topics.values()].toSorted((a, b) => a.topic.localeCompare(b.topic))
}

const riskOf = (replicas: number, least: number): string =>
  replicas === 1
    ? 'it has one replica, so it is away while its node is'
    : `it has ${replicas} replicas and needs ${least} in sync, so it takes no records while one of its nodes is away`
