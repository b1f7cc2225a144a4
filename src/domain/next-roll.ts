import { mayStop, silentOf, type Evidence, type GateReport, type StopAnswer } from './may-stop.ts'
import { caughtUpWithin, judgeHealth } from './rolling.ts'

/**
 * The law of rolling: nodes that are not ready first, then controllers that do not lead the quorum, then brokers, the active
 * controller last; one at a time, and each only when `mayStop` allows it. While a node is not ready, no other may stop that is:
 * what ails a cluster holds up everybody but those whose restart may mend it.
 */
export type RollNode = {
  kafkaId: number
  isController: boolean
  isRunning: boolean
  /** Why it must restart; empty: it need not. */
  reasons: string[]
  /** A person keeps it back for now. */
  isHeld?: boolean
}

export type RollDecision =
  | { kind: 'restart'; kafkaId: number; reasons: string[]; report: GateReport }
  | { kind: 'wait'; why: string; report: GateReport }
  /** Every node runs as it should, but those that are held back. */
  | { kind: 'done' }

type Candidate = RollNode & { rank: number }

/** Nodes that are not ready: they do not answer, no other broker sees them, or they are behind in the quorum or a partition. */
export function ailingIn({ observation, expected }: Pick<Evidence, 'observation' | 'expected'>): number[] {
  const { views, quorum, partitions } = observation
  const isBehind = (id: number) =>
    expected.voters.includes(id) && !quorum?.voters.some(({ kafkaId, lag }) => kafkaId === id && lag <= caughtUpWithin)
  const isUnseen = (id: number) => {
    const witnesses = views.filter(({ kafkaId, sees }) => kafkaId !== id && sees)
    return witnesses.length > 0 && !witnesses.some(({ sees }) => sees!.includes(id))
  }
  const silent = silentOf(observation)
  const brokers = expected.brokers.filter((id) => silent.includes(id) || isUnseen(id) || isBehind(id))
  const outOfSync = partitions.flatMap(({ replicas, inSync }) => replicas.filter((id) => !inSync.includes(id)))
  return [...new Set([...brokers, ...outOfSync])]
}

/** Topics at risk count as accepted: they were named before the roll began. */
export function nextRoll(evidence: Evidence, nodes: RollNode[]): RollDecision {
  const ailing = ailingIn(evidence)
  const ranked = nodes
    .map((node) => ({ ...node, rank: rankOf(node, evidence, ailing) }))
    .toSorted((a, b) => a.rank - b.rank || a.kafkaId - b.kafkaId)
  const due = ranked.filter(({ reasons, isHeld }) => reasons.length > 0 && !isHeld)
  const [first] = due
  if (!first) return { kind: 'done' }
  // What does not run needs nobody's leave to start.
  if (!first.isRunning) return restart(first, mayStop(evidence, []).report)

  const health = judgeHealth(evidence.observation, evidence.expected)
  const whyNobody = ailing.length === 0 && !health.healthy ? health.why : null
  const answers = due.map((node) => ({ node, ...answerFor(node, { due, ranked, evidence, whyNobody }) }))
  const chosen = answers.find(({ allowed }) => allowed)
  if (chosen) return restart(chosen.node, chosen.report)
  return { kind: 'wait', why: answers[0]!.why!, report: answers[0]!.report }
}

const restart = ({ kafkaId, reasons }: RollNode, report: GateReport): RollDecision => ({
  kind: 'restart',
  kafkaId,
  reasons,
  report,
})

const ranks = { stopped: 0, ailing: 1, controller: 2, broker: 3, activeController: 4 } as const

function rankOf({ kafkaId, isController, isRunning }: RollNode, evidence: Evidence, ailing: number[]): number {
  if (!isRunning) return ranks.stopped
  if (ailing.includes(kafkaId)) return ranks.ailing
  if (kafkaId === evidence.observation.quorum?.leaderId) return ranks.activeController
  return isController ? ranks.controller : ranks.broker
}

type Roll = { due: Candidate[]; ranked: Candidate[]; evidence: Evidence; whyNobody: string | null }

function answerFor(node: Candidate, { due, ranked, evidence, whyNobody }: Roll): StopAnswer {
  const answer = mayStop(evidence, [node.kafkaId], { acceptTopicsAtRisk: true })
  const away = node.rank > ranks.ailing ? ranked.find(({ rank }) => rank <= ranks.ailing) : undefined
  const others = due.filter(({ rank }) => rank < ranks.activeController).map(({ kafkaId }) => kafkaId)
  const why =
    answer.why ??
    whyNobody ??
    (away && `${ailmentOf(away, evidence)}, so no other may stop`) ??
    (node.rank === ranks.activeController && others.length > 0
      ? `node ${node.kafkaId} leads the controller quorum and comes after node ${others.join(', ')}`
      : null)
  return { ...answer, allowed: why === null, why }
}

function ailmentOf({ kafkaId, isRunning }: Candidate, { observation }: Evidence): string {
  if (!isRunning) return `node ${kafkaId} does not run`
  return silentOf(observation).includes(kafkaId) ? `node ${kafkaId} does not answer` : `node ${kafkaId} is not ready`
}
