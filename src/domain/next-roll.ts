import { mayStop, silentOf, type Evidence, type GateReport, type StopAnswer } from './may-stop.ts'

/**
 * The law of rolling: nodes that are not ready first, then controllers that do not lead the quorum, then brokers, the active
 * controller last; one at a time, and each only when `mayStop` allows it. One that may not stop now holds up only the active
 * controller.
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

/** Topics at risk count as accepted: they were named before the roll began. */
export function nextRoll(evidence: Evidence, nodes: RollNode[]): RollDecision {
  const ranked = nodes
    .map((node) => ({ ...node, rank: rankOf(node, evidence) }))
    .toSorted((a, b) => a.rank - b.rank || a.kafkaId - b.kafkaId)
  const due = ranked.filter(({ reasons, isHeld }) => reasons.length > 0 && !isHeld)
  const [first] = due
  if (!first) return { kind: 'done' }
  // What does not run needs nobody's leave to start.
  if (!first.isRunning) return restart(first, mayStop(evidence, []).report)

  const answers = due.map((node) => ({ node, ...answerFor(node, { due, ranked, evidence }) }))
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

const ranks = { stopped: 0, silent: 1, controller: 2, broker: 3, activeController: 4 } as const

function rankOf({ kafkaId, isController, isRunning }: RollNode, { observation }: Evidence): number {
  if (!isRunning) return ranks.stopped
  if (silentOf(observation).includes(kafkaId)) return ranks.silent
  if (kafkaId === observation.quorum?.leaderId) return ranks.activeController
  return isController ? ranks.controller : ranks.broker
}

type Roll = { due: Candidate[]; ranked: Candidate[]; evidence: Evidence }

function answerFor(node: Candidate, { due, ranked, evidence }: Roll): StopAnswer {
  const answer = mayStop(evidence, [node.kafkaId], { acceptTopicsAtRisk: true })
  const away = ranked.find(({ kafkaId, rank }) => rank <= ranks.silent && kafkaId !== node.kafkaId)
  const others = due.filter(({ rank }) => rank < ranks.activeController).map(({ kafkaId }) => kafkaId)
  const why =
    answer.why ??
    (away && `node ${away.kafkaId} ${away.isRunning ? 'does not answer' : 'does not run'}, so no other may stop`) ??
    (node.rank === ranks.activeController && others.length > 0
      ? `node ${node.kafkaId} leads the controller quorum and comes after node ${others.join(', ')}`
      : null)
  return { ...answer, allowed: why === null, why }
}
