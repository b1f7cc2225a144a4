import { ChangeInput, type ChangeOptions } from '../../domain/change.ts'
import type { Operation } from '../../domain/operation.ts'
import type { TopicAtRisk } from '../../domain/may-stop.ts'
import { finalityOf } from './finality.ts'
import { passagesOf, type GatePassage } from './gate.ts'
import { progressOf } from './move-progress.ts'
import { watchedUntil, type WatchedTime } from './watched-time.ts'

/** What the steps of a change have remembered, for the page that shows how far it is. */
export type ChangeProgress = {
  options: ChangeOptions
  passages: GatePassage[]
  topicsAtRisk: TopicAtRisk[]
  moves: {
    partitions: number
    partitionsLeft: number
    bytes: number
    bytesMoved: number
    secondsLeft: number | null
  } | null
  /** While the new version is watched: how much longer. It stands still while nobody looks. */
  soakSecondsLeft: number | null
  /** Rolling back is possible at least until then; null: the clock stands still, or there is none. */
  soakUntil: Date | null
  isTurnedBack: boolean
  /** Why it went back by itself; null: it has not, or a person asked for it. */
  turnedBackBecause: string | null
  isFinal: boolean
}

/** Null for an Operation that is no change. */
export function changeProgress(operation: Operation, now: Date): ChangeProgress | null {
  const { input, notes, pausedAt } = operation
  const parsed = ChangeInput.safeParse(input)
  if (!parsed.success) return null
  const { options } = parsed.data
  // Of what stands still the time up to its last look is all there is.
  const until = pausedAt ?? now
  const soakSecondsLeft = secondsToSoak(operation, options, until)
  const finality = finalityOf(notes)
  return {
    options,
    passages: passagesOf(notes),
    topicsAtRisk: (notes.topicsAtRisk as TopicAtRisk[] | undefined) ?? [],
    moves: movesOf(notes),
    soakSecondsLeft,
    soakUntil: soakSecondsLeft === null || pausedAt ? null : new Date(now.getTime() + soakSecondsLeft * 1000),
    isTurnedBack: notes.turnedBack === true,
    turnedBackBecause: (notes.turnedBackBecause as string | undefined) ?? null,
    isFinal: finality === true || finality === 'unknown',
  }
}

function secondsToSoak({ step, outcome, notes }: Operation, options: ChangeOptions, until: Date): number | null {
  const soak = notes.soak as WatchedTime | undefined
  if (!soak || step !== 'soak' || outcome !== 'active') return null
  return Math.max(0, options.soakSeconds - watchedUntil(soak, until) / 1000)
}

/** Too soon to tell below this share of the whole. */
const leastShare = 0.02

function movesOf(notes: Operation['notes']): ChangeProgress['moves'] {
  const progress = progressOf(notes)
  if (!progress) return null
  const { partitions, partitionsLeft, bytes, workedMs } = progress
  const bytesMoved = Number(notes.movedBytes ?? 0)
  const share = bytes > 0 ? bytesMoved / bytes : 1 - partitionsLeft / Math.max(1, partitions)
  const secondsLeft = share < leastShare ? null : Math.round(((workedMs / 1000) * (1 - share)) / share)
  return { partitions, partitionsLeft, bytes, bytesMoved, secondsLeft: partitionsLeft === 0 ? 0 : secondsLeft }
}
