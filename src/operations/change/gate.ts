import type { GateReport } from '../../domain/may-stop.ts'
import { giveUp, pause, wait, next, type Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { plannedSteps } from './onward.ts'
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
  /** Null: none came back, and it was on its way back. */
  canarySlowestMs: number | null
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

/** Waits, and remembers since when and for what. */
export function keepWaiting(op: Op, why: string): Outcome<never> {
  const now = op.now().getTime()
  const last = waitingOf(op) ?? { waitedMs: 0, lookedAtMs: now, waitedFor: [] }
  const waitedMs = last.waitedMs + Math.min(longestGapMs, now - last.lookedAtMs)
  const words = sentence(why)
  const isNew = !last.waitedFor.includes(words) && last.waitedFor.length < mostReasons
  const waitedFor = isNew ? [...last.waitedFor, words] : last.waitedFor
  op.remember({ gate: { waitedMs, lookedAtMs: now, waitedFor } satisfies Waiting })
  // The longer it has taken, the less it matters to see the end of it at once.
  return wait(Math.min(2, 0.3 + waitedMs / 30_000), words)
}

/**
 * Waits at the gate for as long as its patience lasts. Then it asks a person, or turns back. What is on its way back already
 * gives up: it can be tried again, and the Instance can be deleted.
 */
export function waitAtGate<S extends string>(op: Op, step: S, why: string): Outcome<S | 'turn-back'> {
  const waiting = keepWaiting(op, why)
  if (waitingOf(op)!.waitedMs < gateLimitMs) return waiting
  const words = sentence(why)
  op.remember({ gate: null })
  if (isOnWayBack(op)) return giveUp('Instance.NotWhole', `It has not come back in 5 minutes: ${words} ${advice}`)
  if (inputOf(op).options.rollBackOnFailure) {
    op.remember({ turnedBackBecause: words })
    return next('turn-back', `It goes back by itself after 5 minutes: ${words}`)
  }
  return pause(
    step,
    `Stopped here after 5 minutes: ${words} Nothing more is restarted. Resume to try on, or ${wayBackOf(op)}.`,
  )
}

const advice = 'Mend that and retry, or delete the Instance.'

/** From the moment that it turns. */
export const isOnWayBack = (op: Op): boolean => isTurnedBack(op) || op.operation.step === 'turn-back'

/** As the button says. */
export const wayBackOf = ({ operation }: Op): string =>
  operation.kind === 'upgrade-instance' || plannedSteps(operation).includes('finalize')
    ? 'roll back'
    : 'cancel the Operation'

/** The gate is open, or the node is through: what it waited for is told, the next begins anew. */
export function leaveGate(op: Op): { waitedMs: number; waitedFor: string[] } {
  const waiting = waitingOf(op)
  op.remember({ gate: null })
  return { waitedMs: waiting?.waitedMs ?? 0, waitedFor: waiting?.waitedFor ?? [] }
}
