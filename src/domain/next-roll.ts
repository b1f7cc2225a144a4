import { mayStop, type Evidence, type GateReport } from './may-stop.ts'

/**
 * The law of rolling: nodes that do not run first, then controllers that do not lead the quorum, then brokers, the active
 * controller last; one at a time, and each only when `mayStop` allows it.
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

export function nextRoll(evidence: Evidence, nodes: RollNode[]): RollDecision {
  const leaderId = evidence.observation.quorum?.leaderId ?? -1
  const due = nodes
    .filter(({ reasons, isHeld }) => reasons.length > 0 && !isHeld)
    .toSorted((a, b) => rank(a, leaderId) - rank(b, leaderId) || a.kafkaId - b.kafkaId)
  const [first] = due
  if (!first) return { kind: 'done' }
  const down = nodes.filter(({ isRunning }) => !isRunning)
  // What does not run needs nobody's leave to start, and nothing else stops while it is away.
  if (!first.isRunning) {
    const { report } = mayStop(evidence, [], { acceptTopicsAtRisk: true })
    return { kind: 'restart', kafkaId: first.kafkaId, reasons: first.reasons, report }
  }
  const answers = due.map((node) => ({ node, ...mayStop(evidence, [node.kafkaId], { acceptTopicsAtRisk: true }) }))
  if (down.length > 0) {
    const why = `node ${down.map(({ kafkaId }) => kafkaId).join(', ')} does not run, so no other may stop`
    return { kind: 'wait', why, report: answers[0]!.report }
  }
  // Another of the same rank may go when the first may not; a higher rank never overtakes.
  const allowed = answers.find(({ node, allowed: may }) => may && rank(node, leaderId) === rank(first, leaderId))
  if (!allowed) return { kind: 'wait', why: answers[0]!.why!, report: answers[0]!.report }
  return { kind: 'restart', kafkaId: allowed.node.kafkaId, reasons: allowed.node.reasons, report: allowed.report }
}

function rank({ kafkaId, isController, isRunning }: RollNode, leaderId: number): number {
  if (!isRunning) return 0
  if (kafkaId === leaderId) return 3
  return isController ? 1 : 2
}
