import { addTallies, type CanaryTally } from '../../domain/canary.ts'
import type { GateReport } from '../../domain/may-stop.ts'
import { giveUp, pause, wait, next, type Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { plannedSteps } from './onward.ts'
import { inputOf, isTurnedBack, sentence } from './scene.ts'
import { beginWatching, watchOn, type WatchedTime } from './watched-time.ts'

/** How long it waited in all, and for what, the longest first. */
export type Waits = { waitedMs: number; waitedFor: Reason[] }
type Reason = { why: string; ms: number }

/** One node's passage, kept with the Operation and shown in its timeline. */
export type GatePassage = {
  kafkaId: number
  /** Why it was restarted. */
  reasons: string[]
  /** `through`: the Instance was whole again. `left`: the roll went another way before. */
  fate: 'through' | 'left' | 'under-way'
  /** Of its end, or of the last look. RFC 3339. */
  at: string
  /** From the first look before it stopped until then. */
  tookMs: number
  /** Before it stopped. */
  before: Waits
  /** Until the Instance was whole again. */
  after: Waits
  report: GateReport
  /** Test records since its start; null: none was sent. */
  canary: (CanaryTally & { slowestMs: number | null }) | null
}

/** The node on its way, from the decision until it serves again. Stored before anything is done to it. */
export type Rolling = Pick<GatePassage, 'kafkaId' | 'reasons' | 'report' | 'before' | 'canary'> & {
  sinceMs: number
  isStopping: boolean
  /** Test records came through since it is back; leaders go home. */
  isProven?: boolean
}

/** `forgivenMs`: of the time waited, what a person has let pass. */
type Waiting = WatchedTime & { waitedFor: Reason[]; forgivenMs: number }

/** A node or a gate that takes longer than this stops the roll: a person decides, or it goes back by itself. */
const gateLimitMs = 5 * 60_000
/** So many reasons are kept, the longest. */
const mostReasons = 5

type Notes = Readonly<Record<string, unknown>>

const waitingOf = (notes: Notes): Waiting | null => (notes.gate as Waiting | null | undefined) ?? null

export const rollingOf = (notes: Notes): Rolling | null => (notes.rolling as Rolling | null | undefined) ?? null

const endedPassages = (notes: Notes): GatePassage[] => (notes.passages as GatePassage[] | undefined) ?? []

/** Of the nodes whose passage has ended, and of the one that is on its way as far as it has come. */
export function passagesOf(notes: Notes): GatePassage[] {
  const [rolling, waiting] = [rollingOf(notes), waitingOf(notes)]
  const atMs = waiting?.lookedAtMs ?? rolling?.sinceMs
  if (!rolling || atMs === undefined) return endedPassages(notes)
  return [...endedPassages(notes), passageOf(rolling, { waiting, fate: 'under-way', atMs })]
}

type Reached = Pick<GatePassage, 'fate'> & { waiting: Waiting | null; atMs: number }

function passageOf(rolling: Rolling, { waiting, fate, atMs }: Reached): GatePassage {
  const { sinceMs, isStopping: _isStopping, isProven: _isProven, ...told } = rolling
  return { ...told, fate, at: new Date(atMs).toISOString(), tookMs: atMs - sinceMs, after: waitsOf(waiting) }
}

const waitsOf = (waiting: Waiting | null): Waits => ({
  waitedMs: waiting?.watchedMs ?? 0,
  waitedFor: waiting?.waitedFor ?? [],
})

/** Of the node on its way. */
export function endPassage(op: Op, fate: 'through' | 'left'): void {
  const rolling = rollingOf(op.notes)
  const reached = { waiting: waitingOf(op.notes), fate, atMs: op.now().getTime() }
  const passages = [...endedPassages(op.notes), ...(rolling ? [passageOf(rolling, reached)] : [])]
  op.remember({ rolling: null, gate: null, passages })
}

/** What was proven of the node on its way, until something ails the Instance again. */
export function noteProven(op: Op, isProven: boolean): void {
  const rolling = rollingOf(op.notes)
  if (rolling) op.remember({ rolling: { ...rolling, isProven } satisfies Rolling })
}

/** Records that were sent while it waited for the node on its way to serve. */
export function countCanary(op: Op, canary: CanaryTally & { slowestMs?: number }): void {
  const rolling = rollingOf(op.notes)
  if (!rolling) return
  const tally = addTallies(rolling.canary ?? { sent: 0, readBack: 0 }, canary)
  op.remember({ rolling: { ...rolling, canary: { ...tally, slowestMs: canary.slowestMs ?? null } } satisfies Rolling })
}

/** Waits, and remembers since when and for what. */
export function keepWaiting(op: Op, why: string): Outcome<never> {
  const last = waitingOf(op.notes) ?? { ...beginWatching(op.now()), waitedFor: [], forgivenMs: 0 }
  const words = sentence(why)
  const watched = watchOn(last, op.now())
  const reason = { why: words, ms: watched.watchedMs - last.watchedMs }
  op.remember({ gate: { ...last, ...watched, waitedFor: addReason(last.waitedFor, reason) } satisfies Waiting })
  // The longer it has taken, the less it matters to see the end of it at once.
  return wait(Math.min(2, 0.3 + patienceSpent(op) / 30_000), words)
}

/** How long it has waited since it began to, or since a person let it go on. */
export function patienceSpent({ notes }: Op): number {
  const waiting = waitingOf(notes)
  return waiting ? waiting.watchedMs - waiting.forgivenMs : 0
}

/**
 * Waits at the gate for as long as its patience lasts. Then it asks a person, or turns back. What is on its way back already
 * gives up: it can be tried again, and the Instance can be deleted.
 */
export function waitAtGate<S extends string>(op: Op, step: S, why: string): Outcome<S | 'turn-back'> {
  const outcome = keepWaiting(op, why)
  if (patienceSpent(op) < gateLimitMs) return outcome
  const words = sentence(why)
  const waiting = waitingOf(op.notes)!
  op.remember({ gate: { ...waiting, forgivenMs: waiting.watchedMs } satisfies Waiting })
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

/** The newest is always among them. */
function addReason(reasons: Reason[], { why, ms }: Reason): Reason[] {
  const before = reasons.find((reason) => reason.why === why)
  const others = reasons.filter((reason) => reason !== before).slice(0, mostReasons - 1)
  return [...others, { why, ms: (before?.ms ?? 0) + ms }].toSorted((one, other) => other.ms - one.ms)
}

/** The gate is open: what it waited for is told, the next begins anew. */
export function leaveGate(op: Op): Waits {
  const waits = waitsOf(waitingOf(op.notes))
  op.remember({ gate: null })
  return waits
}

/** The node on its way may not stop after all: what it waited for counts on. */
export function backToGate(op: Op): Outcome<'pick-node'> {
  const { waitedMs, waitedFor } = rollingOf(op.notes)?.before ?? waitsOf(null)
  const gate: Waiting = { ...beginWatching(op.now()), watchedMs: waitedMs, waitedFor, forgivenMs: 0 }
  op.remember({ rolling: null, gate })
  return next('pick-node')
}
