import { ChangeInput, type ChangeOptions } from '../../domain/change.ts'
import type { Operation } from '../../domain/operation.ts'
import type { TopicAtRisk } from '../../domain/may-stop.ts'
import { passagesOf, type GatePassage } from './gate.ts'
import { progressOf } from './moves.ts'

/** What the steps of a change have remembered, for the page that shows how far it is. */
export type ChangeProgress = {
  options: ChangeOptions
  /** The node on its way now. */
  rollingNode: number | null
  passages: GatePassage[]
  topicsAtRisk: TopicAtRisk[]
  moves: {
    partitions: number
    partitionsLeft: number
    bytes: number
    bytesMoved: number
    secondsLeft: number | null
  } | null
  /** Rolling back is possible at least until then; null: no soak is under way. */
  soakUntil: Date | null
  isTurnedBack: boolean
  /** Why it went back by itself; null: it has not, or a person asked for it. */
  turnedBackBecause: string | null
  isFinal: boolean
}

/** Null for an Operation that is no change. */
export function changeProgress({ input, notes, outcome }: Operation, now: Date): ChangeProgress | null {
  const parsed = ChangeInput.safeParse(input)
  if (!parsed.success) return null
  const soakUntil = Number(notes.soakUntil ?? 0)
  return {
    options: parsed.data.options,
    rollingNode: (notes.rolling as { kafkaId: number } | null | undefined)?.kafkaId ?? null,
    passages: passagesOf(notes),
    topicsAtRisk: (notes.topicsAtRisk as TopicAtRisk[] | undefined) ?? [],
    moves: movesOf(notes, now),
    soakUntil: soakUntil > 0 && outcome === 'active' ? new Date(soakUntil) : null,
    isTurnedBack: notes.turnedBack === true,
    turnedBackBecause: (notes.turnedBackBecause as string | undefined) ?? null,
    isFinal: notes.isFinal === true,
  }
}

/** Too soon to tell below this share of the whole. */
const leastShare = 0.02

function movesOf(notes: Operation['notes'], now: Date): ChangeProgress['moves'] {
  const progress = progressOf(notes)
  if (!progress) return null
  const { partitions, partitionsLeft, bytes, sinceMs } = progress
  const bytesMoved = Number(notes.movedBytes ?? 0)
  const share = bytes > 0 ? bytesMoved / bytes : 1 - partitionsLeft / Math.max(1, partitions)
  const elapsedSeconds = (now.getTime() - sinceMs) / 1000
  const secondsLeft = share < leastShare ? null : Math.round((elapsedSeconds * (1 - share)) / share)
  return { partitions, partitionsLeft, bytes, bytesMoved, secondsLeft: partitionsLeft === 0 ? 0 : secondsLeft }
}
