import type { InstanceHealth } from './instance.ts'
import type { NodeHealth } from './node.ts'
import type { Observation } from './observation.ts'
import { judgeHealth, type Expected } from './rolling.ts'

/** What an observation says of each node and of the Instance as a whole, in the words that the pages show. */
export type NodeEvidence = { kafkaId: number; process: 'running' | 'stopped'; reason: string | null }

export type NodeJudgement = { health: NodeHealth; reason: string | null }

/** A process that lives but does not answer is `unreachable`; one that ended is `stopped`. */
export function nodeHealth(evidence: NodeEvidence | undefined, observation: Observation): NodeJudgement {
  if (!evidence || evidence.process === 'stopped') return { health: 'stopped', reason: evidence?.reason ?? null }
  const view = observation.views.find(({ kafkaId }) => kafkaId === evidence.kafkaId)
  if (view?.sees) return { health: 'running', reason: null }
  return { health: 'unreachable', reason: view?.problem ?? 'It does not answer.' }
}

export type InstanceJudgement = { health: InstanceHealth; reason: string | null }

/** `down` when nothing can be produced: no broker answers, no quorum, or a partition without a leader. */
export function instanceHealth(observation: Observation, expected: Expected): InstanceJudgement {
  const judgement = judgeHealth(observation, expected)
  if (judgement.healthy) return { health: 'healthy', reason: null }
  const noneAnswers = !observation.views.some((view) => view.sees)
  const noLeader = !observation.quorum || observation.quorum.leaderId < 0
  const leaderless = observation.partitions.some((partition) => partition.leader < 0)
  return { health: noneAnswers || noLeader || leaderless ? 'down' : 'degraded', reason: judgement.why }
}
