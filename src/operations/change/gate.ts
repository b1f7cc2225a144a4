import type { GateReport } from '../../domain/may-stop.ts'
import { pause, wait, next, type Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { inputOf, isTurnedBack, sentence } from './scene.ts'

/** One node's passage, kept with the Operation and shown in its timeline. */
export type GatePassage = {
  kafkaId: number
  /** Why it was restarted. */
  reasons: string[]
  /** RFC 3339. */
  at: string
  /** From the first look before it stopped until it served again. */
  tookMs: number
  /** How long the look before it had to wait, and for what. */
  waitedMs: number
  waitedFor: string[]
  report: GateReport
  canarySlowestMs: number
}

/** Only the time in which somebody looked counts: not a pause, not a night without Millrace. */
type Waiting = { waitedMs: number; lookedAtMs: number; waitedFor: string[] }

const longestGapMs = 5_000

/** A node or a gate that takes longer than this stops the roll: a person decides, or it goes back by itself. */
const gateLimitMs = 5 * 60_000
/** So many different reasons are kept. */
const mostReasons = 5

export const waitingOf = (op: Op): Waiting | null => (op.notes.gate as Waiting | undefined) ?? null

export const passagesOf = (notes: Readonly<Record<string, unknown>>): GatePassage[] =>
  (notes.passages as GatePassage[] | undefined) ?? []

/** Waits at the gate, and remembers since when and for what. At the end of its patience it asks a person, or turns back. */
export function waitAtGate<S extends string>(op: Op, step: S, why: string): Outcome<S | 'turn-back'> {
  const now = op.now().getTime()
  const last = waitingOf(op) ?? { waitedMs: 0, lookedAtMs: now, waitedFor: [] }
  const waitedMs = last.waitedMs + Math.min(longestGapMs, now - last.lookedAtMs)
  const words = sentence(why)
  if (waitedMs < gateLimitMs) {
    const isNew = !last.waitedFor.includes(words) && last.waitedFor.length < mostReasons
    const waitedFor = isNew ? [...last.waitedFor, words] : last.waitedFor
    op.remember({ gate: { waitedMs, lookedAtMs: now, waitedFor } satisfies Waiting })
    return wait(0.3, words)
  }
  op.remember({ gate: null })
  if (isTurnedBack(op)) return wait(5, words)
  if (inputOf(op).options.rollBackOnFailure) {
    op.remember({ turnedBackBecause: words })
    return next('turn-back')
  }
  return pause(
    step,
    `Stopped here after 5 minutes: ${words} Nothing more is restarted. Resume to try on, or roll back.`,
  )
}

/** The gate is open, or the node is through: what it waited for is told, the next begins anew. */
export function leaveGate(op: Op): { waitedMs: number; waitedFor: string[] } {
  const waiting = waitingOf(op)
  op.remember({ gate: null })
  return { waitedMs: waiting?.waitedMs ?? 0, waitedFor: waiting?.waitedFor ?? [] }
}
