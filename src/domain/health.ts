import { changeKinds } from './change.ts'
import type { InstanceHealth, InstanceState } from './instance.ts'
import type { NodeHealth } from './node.ts'
import type { Observation } from './observation.ts'
import { everything, restartReasons, type StartedWith } from './restart-reason.ts'
import type { Operation } from './operation.ts'
import { judgeHealth, type Expected } from './rolling.ts'

/** What an observation says of each node and of the Instance as a whole, in the words that the pages show. */
export type NodeEvidence = {
  kafkaId: number
  process: 'running' | 'stopped'
  reason: string | null
  startedAt: Date | null
}

/** How the node was seen last. */
export type NodeBefore = { health: NodeHealth; startedAt: Date | null; silentSince: Date | null }

export type NodeJudgement = {
  health: NodeHealth
  reason: string | null
  /** Since when it should answer and does not. */
  silentSince: Date | null
}

/** Who has not answered since its start gets this long: after a death, Kafka reads its logs through before it answers. */
const startLimitMs = 5 * 60_000

/**
 * A process that ended is `stopped`. One that lives and does not answer is `starting`, when it has not answered since its start
 * and that is not long ago; else `unreachable`.
 */
export function nodeHealth(
  evidence: NodeEvidence | undefined,
  observation: Observation,
  { before, now }: { before: NodeBefore; now: Date },
): NodeJudgement {
  if (!evidence || evidence.process === 'stopped') {
    return { health: 'stopped', reason: evidence ? evidence.reason : withoutTrace, silentSince: null }
  }
  const view = observation.views.find(({ kafkaId }) => kafkaId === evidence.kafkaId)
  if (view?.sees) return { health: 'running', reason: null, silentSince: null }
  const reason = view?.problem ?? 'It does not answer.'
  if (isStarting(evidence, before, now)) return { health: 'starting', reason, silentSince: null }
  return { health: 'unreachable', reason, silentSince: before.silentSince ?? now }
}

const withoutTrace = 'Nothing of it is left where it was.'

function isStarting({ startedAt }: NodeEvidence, before: NodeBefore, now: Date): boolean {
  if (!startedAt || now.getTime() - startedAt.getTime() > startLimitMs) return false
  const isSameProcess = before.startedAt?.getTime() === startedAt.getTime()
  return !isSameProcess || !['running', 'unreachable'].includes(before.health)
}

export type InstanceJudgement = { health: InstanceHealth; reason: string | null }

/** What a test record said. `problem`: why it did not come back. `isOld`: it was not sent at this look. */
export type CanaryWord = { problem: string | null; isOld?: boolean }

/**
 * `down` when nothing can be produced: no broker answers, a partition without a leader, no test record gets through; or no
 * quorum is seen, and no record that was sent now says that all goes on without it being seen.
 */
export function instanceHealth(
  observation: Observation,
  expected: Expected & Leaving,
  canary: CanaryWord = { problem: null, isOld: true },
): InstanceJudgement {
  const judgement = judgeHealth(observation, expected)
  const noneAnswers = !observation.views.some((view) => view.sees)
  const hasJustServed = canary.problem === null && !canary.isOld
  const noLeader = (!observation.quorum || observation.quorum.leaderId < 0) && !hasJustServed
  const leaderless = observation.partitions.some((partition) => partition.leader < 0)
  if (noneAnswers || noLeader || leaderless) {
    return { health: 'down', reason: judgement.healthy ? null : judgement.why }
  }
  if (canary.problem) return { health: 'down', reason: canary.problem }
  if (!judgement.healthy) return { health: 'degraded', reason: judgement.why }
  const strangers = strangersIn(observation, expected)
  if (strangers.length === 0) return { health: 'healthy', reason: null }
  return { health: 'degraded', reason: `node ${strangers.join(', ')} is in the cluster, and nobody made it here` }
}

/** Nodes that are being taken away: nobody waits for them, and while they live they are no strangers. */
type Leaving = { leaving?: number[] }

/** Brokers that the nodes see among them and that are none of this Instance's. */
export function strangersIn({ views }: Observation, { brokers, leaving = [] }: Expected & Leaving): number[] {
  const seen = new Set(views.flatMap(({ sees }) => sees ?? []))
  return [...seen].filter((id) => !brokers.includes(id) && !leaving.includes(id)).toSorted((a, b) => a - b)
}

/** What cannot serve for so long is a Service Exception: the state Error, with the cause. */
export const exceptionAfterMs = 30_000

export type ServiceSeen = {
  state: InstanceState
  downSince: Date | null
  /** The Operation that is open. */
  open: Pick<Operation, 'kind' | 'outcome' | 'pausedAt'> | undefined
}

/**
 * The state that its service brings an Instance to; null: it stays as it is. While an Operation is at work on the Instance, the
 * state is the Operation's; a change that stands paused, for days perhaps, hides nothing. A failed Operation waits for a person:
 * the Error is its, and stays.
 */
export function stateByService({ state, downSince, open }: ServiceSeen, now: Date): InstanceState | null {
  if (open?.outcome === 'failed') return null
  const isChange = isOneOf(changeKinds, open?.kind)
  const isChangeAtWork = isChange && !open?.pausedAt
  const isLongDown = downSince !== null && now.getTime() - downSince.getTime() >= exceptionAfterMs
  if (state === 'Running' || (state === 'Changing' && isChange && !isChangeAtWork)) return isLongDown ? 'Error' : null
  if (state !== 'Error' || (downSince !== null && !isChangeAtWork)) return null
  return isChange ? 'Changing' : 'Running'
}

const isOneOf = (kinds: readonly string[], kind: string | undefined): boolean => kinds.some((one) => one === kind)

/** In what a running process differs from what its node should be, for the person; null: in nothing. */
export function driftOf(running: StartedWith | null, wanted: Omit<StartedWith, 'heapMiB'>): string | null {
  const reasons = restartReasons({ running, wanted, about: everything, asked: null })
  return reasons.length === 0 ? null : `It does not run as it should: ${reasons.join('; ')}. A restart puts that right.`
}
