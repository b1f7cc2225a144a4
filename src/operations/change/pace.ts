import { mibPerSecondPerAku } from '../../domain/aku.ts'
import { changeKinds } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Operation } from '../../domain/operation.ts'
import type { Db } from '../../store/database.ts'
import { listNotesOfEnded } from '../../store/operations.ts'
import { passagesOf, type GatePassage } from './gate.ts'
import { progressOf } from './move-progress.ts'

/** How long things take here, as the last changes did; each null while none has done it. */
export type Pace = {
  /** A node's restart, from the decision until it serves again. */
  secondsPerRestart: number | null
  /** From the start of new nodes, all at once, until they are in the cluster; for how long they are left alone then is not counted. */
  secondsToJoin: number | null
  /** Of the time that moves take by rule of thumb: so it holds for other sizes too. */
  movesByRule: number | null
}

export type Work = { restarts: number; joins: number; moves: { partitions: number; bytes: number } }

/** What one AKU writes. */
const mostBytesPerSecond = mibPerSecondPerAku.write * 2 ** 20
/** So that clients hardly notice. */
export const gentlyBytesPerSecond = mostBytesPerSecond / 10
/** While a node that has just started warms up. */
export const coldBytesPerSecond = gentlyBytesPerSecond / 3
const gentleSeconds = 3_600

/** At what each node sends of the partitions that it leads: gently, or faster where all `bytes` would take more than an hour. */
export const moveRate = (bytes: number): number =>
  Math.min(mostBytesPerSecond, Math.max(gentlyBytesPerSecond, bytes / gentleSeconds))

const newestChanges = 10

/** The medians of the last changes here, `only` those of these Instances. */
export async function paceHere(db: Db, environmentId: string, only?: readonly InstanceId[]): Promise<Pace> {
  const ended = await listNotesOfEnded(db, environmentId, { kinds: changeKinds, limit: newestChanges, only })
  return {
    secondsPerRestart: median(ended.flatMap((notes) => passagesOf(notes).flatMap(secondsThrough))),
    secondsToJoin: median(ended.flatMap(({ joinedMs }) => (typeof joinedMs === 'number' ? [joinedMs / 1000] : []))),
    movesByRule: median(ended.flatMap(movesByRule)),
  }
}

const secondsThrough = ({ fate, tookMs }: GatePassage): number[] => (fate === 'through' ? [tookMs / 1000] : [])

function movesByRule(notes: Operation['notes']): number[] {
  const progress = progressOf(notes)
  if (!progress || progress.partitions === 0) return []
  const byRule = secondsByRule(progress) + (typeof notes.joinedMs === 'number' ? secondsLostCold(progress) : 0)
  return [progress.workedMs / 1000 / byRule]
}

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

const ruleOfThumb = { secondsPerRestart: 9, secondsToJoin: 8, movesByRule: 1 }
const secondsPerBatch = 1
/** A few onto each node that receives. */
const movesAtOnce = 4

/** What moves take by rule of thumb, onto nodes that are warm. */
const secondsByRule = ({ bytes, partitions }: Work['moves']): number =>
  bytes / moveRate(bytes) + (partitions / movesAtOnce) * secondsPerBatch

const mostSecondsLeftAlone = 60

/**
 * For so long a node that has just started is left alone, while it compiles what it ran at its start. Small moves are not held up
 * for longer than they take.
 */
export const secondsLeftAlone = (moves: Work['moves']): number =>
  Math.min(mostSecondsLeftAlone, secondsByRule(moves) / 3)

/** For twice as long again it compiles what copies need, and they go at the cold rate. */
export const secondsUntilWarm = (moves: Work['moves']): number => 3 * secondsLeftAlone(moves)

/** What the cold rate costs against the usual one. */
const secondsLostCold = (moves: Work['moves']): number =>
  (secondsUntilWarm(moves) - secondsLeftAlone(moves)) * (1 - coldBytesPerSecond / moveRate(moves.bytes))

/** By rule of thumb where there is no history: then it is not measured. */
export function expectedTime(pace: Pace, { restarts, joins, moves }: Work): { seconds: number; isMeasured: boolean } {
  const needed: (keyof Pace)[] = [
    ...(restarts > 0 ? ['secondsPerRestart' as const] : []),
    ...(joins > 0 ? ['secondsToJoin' as const] : []),
    ...(moves.partitions > 0 ? ['movesByRule' as const] : []),
  ]
  const of = (what: keyof Pace) => pace[what] ?? ruleOfThumb[what]
  const [join, lost] = joins > 0 ? [of('secondsToJoin') + secondsLeftAlone(moves), secondsLostCold(moves)] : [0, 0]
  const seconds = restarts * of('secondsPerRestart') + join + (secondsByRule(moves) + lost) * of('movesByRule')
  return { seconds, isMeasured: needed.length > 0 && needed.every((what) => pace[what] !== null) }
}
