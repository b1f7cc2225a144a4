import type { PartitionId, Reassignment } from '../../kafka/cluster.ts'
import type { Op } from '../world.ts'
import { batchOf, isOwn, progressOf, type Batch } from './move-progress.ts'
import { coldBytesPerSecond, moveRate, secondsLeftAlone, secondsUntilWarm } from './pace.ts'
import type { Scene } from './scene.ts'

/**
 * The throttle under which replicas are copied. It slows all that is not in sync, so producers that write faster than it would
 * keep a copy, or a node that has come back, away for ever: the longer a batch takes, the faster it may go.
 */

/** At what a batch begins: what the last one needed, and slower while a node warms up. */
export const startingRate = (op: Op, scene: Scene): number =>
  isWarm(op, scene) ? Math.max(rateSet(op) ?? 0, usualRate(op)) : coldBytesPerSecond

const usualRate = (op: Op): number => moveRate(workOf(op).bytes)

/** Milliseconds until the youngest node has compiled what it ran at its start: until then it is best left alone. */
export const coldFor = (op: Op, scene: Scene): number => 1000 * secondsLeftAlone(workOf(op)) - youngestMs(op, scene)

/** Until then those who wait for the answers of a node wait long, and it keeps the processors busy. */
export const isWarm = (op: Op, scene: Scene): boolean => youngestMs(op, scene) >= 1000 * secondsUntilWarm(workOf(op))

const workOf = (op: Op) => progressOf(op.notes) ?? { partitions: 0, bytes: 0 }

const youngestMs = (op: Op, { sightings }: Scene): number =>
  Math.min(...sightings.map(({ usage }) => (usage ? op.now().getTime() - usage.startedAt.getTime() : Infinity)))

/** Null: nothing is slowed. */
const rateSet = (op: Op): number | null => (op.notes.throttle as number | null | undefined) ?? null

const leastMs = 10_000
const mostDoublings = 12

/** Doubled each time a batch has taken twice as long as its bytes need. */
function rateFor(op: Op, scene: Scene, { bytes, sinceMs, ...batch }: Batch): number {
  // A large one that began while a node warmed up does not stay slow.
  const bytesPerSecond = isWarm(op, scene) ? Math.max(batch.bytesPerSecond, usualRate(op)) : batch.bytesPerSecond
  const dueMs = leastMs + (2 * 1000 * bytes) / bytesPerSecond
  const doublings = Math.floor((op.now().getTime() - sinceMs) / dueMs)
  return bytesPerSecond * 2 ** Math.min(mostDoublings, Math.max(0, doublings))
}

/** While a batch is under way, and until the cluster is whole after it. `topics`: that are not slowed yet. */
export async function keepPace(op: Op, scene: Scene, topics?: Iterable<string>): Promise<void> {
  const batch = batchOf(op)
  if (!batch) return
  const bytesPerSecond = rateFor(op, scene, batch)
  if (!topics && bytesPerSecond === rateSet(op)) return
  const slowed = new Set(topics ?? topicsOf(batch.partitions))
  if (slowed.size === 0) return
  await op.world.clusters.throttleMoves(scene.endpoints, { bytesPerSecond, topics: [...slowed] })
  op.remember({ throttle: bytesPerSecond })
}

export const topicsOf = (partitions: PartitionId[]): Iterable<string> => partitions.map(({ topic }) => topic)

/** Nothing is slowed any more, but what others move. Nothing to do before the first move. */
export async function speedUp(op: Op, { endpoints }: Scene, underWay: Reassignment[]): Promise<void> {
  if (!batchOf(op)) return
  const except = underWay.filter((move) => !isOwn(op, move)).map(({ topic }) => topic)
  await op.world.clusters.liftThrottle(endpoints, { except })
  op.remember({ throttle: null })
}

/** While the change stands still, nobody sees the copies end: they go as fast as they can. */
export async function letMovesGo(op: Op, scene: Scene): Promise<void> {
  if (batchOf(op)) await speedUp(op, scene, await op.world.clusters.listReassignments(scene.endpoints))
}
