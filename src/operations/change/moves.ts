import { isUnavailable } from '../../domain/errors.ts'
import {
  isOrderOnly,
  movedBytes,
  nextBatch,
  planMoves,
  seatOf,
  type Move,
  type Replicated,
} from '../../domain/move-plan.ts'
import type { Observation } from '../../domain/observation.ts'
import { nextGently, secondsBetweenGentle } from '../../domain/preferred-leader.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import type { PartitionId, Reassignment, ReplicaState } from '../../kafka/cluster.ts'
import { updateOperationNotes } from '../../store/operations.ts'
import { electLeaders } from '../elect-leaders.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { batchOf, isOwn, lookOnce, progressOf, tellProgress, type Batch } from './move-progress.ts'
import { isWarm, keepPace, speedUp, startingRate, topicsOf } from './move-throttle.ts'
import { evidenceOf, lookAt, reviveStopped, type Scene } from './scene.ts'
import { wholenessOf } from './wholeness.ts'

/**
 * Moves replicas off nodes that leave and onto nodes that join, batch by batch under a throttle, each batch planned anew from
 * what is there: found half-way it goes on. The throttle goes when nothing is left to move, and while the change stands still.
 * What others move is waited for, and not given up.
 */
type Outcomes = Promise<Outcome<ChangeStep>>

/** Until no replica is on a node that leaves. */
export const moveReplicas = (op: Op): Outcomes => moveUntilEven(op, 'prove-empty')

/** Until the nodes that joined carry their share. */
export const spreadReplicas = (op: Op): Outcomes => moveUntilEven(op, 'verify')

async function moveUntilEven(op: Op, then: 'prove-empty' | 'verify'): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped) return stopped
  const { clusters } = op.world
  const underWay = await clusters.listReassignments(scene.endpoints)
  if (underWay.length > 0) return await awaitCopies(op, scene, underWay)

  const evidence = await evidenceOf(op, scene)
  const { why } = wholenessOf(op, scene, { evidence, due: [] })
  if (why) {
    await keepPace(op, scene)
    return wait(0.4, `Waits before it moves more: ${why}.`)
  }
  const { endpoints } = scene
  const leaders = await electLeaders(op, { endpoints, partitions: evidence.observation.partitions, pace: nextGently })
  if (leaders !== null) return wait(secondsBetweenGentle, `${leaders}.`)
  const { moves, replicas } = await planNow(op, scene, evidence.observation)
  if (moves.length === 0) return await settle(op, scene, then)

  const words = tellProgress(op, replicas, [])
  const hasPaused = op.now().getTime() - (batchOf(op)?.sinceMs ?? 0) >= betweenColdMs
  if (!isWarm(op, scene) && !hasPaused) return wait(0.5, `${words} A node that has just started warms up.`)
  const batch = nextBatch(moves, { isWarm: isWarm(op, scene), led: ledBy(op) })
  await begin(op, scene, batch)
  return batch.every(isOrderOnly)
    ? wait(secondsBetweenGentle, `${words} Leaders change a few at a time.`)
    : wait(0.3, words)
}

/** What is still to move, counted into what the change remembers of it. */
export async function planNow(op: Op, scene: Scene, { partitions: states }: Pick<Observation, 'partitions'>) {
  const replicas = await op.world.clusters.replicas(scene.endpoints)
  const moves = planMoves({ partitions: partitionsOf(states, replicas), brokers: seatsOf(scene) })
  if (moves.length > 0) lookOnce(op, { partitionsLeft: moves.length, bytesLeft: movedBytes(moves) })
  return { moves, replicas }
}

/** From the start of a copy to the next, while a node warms up. */
const betweenColdMs = 5_000

/** How many leaders have changed since the last copy. */
const ledBy = (op: Op): number => (op.notes.led as number | null | undefined) ?? 0

const seatsOf = ({ members }: Scene) => members.filter(({ intent }) => intent !== 'leave').map(seatOf)

const keyOf = ({ topic, partition }: PartitionId) => `${partition} ${topic}`
const idOf = ({ topic, partition }: PartitionId): PartitionId => ({ topic, partition })

/** The order of replicas, and with it the preferred leader, is Metadata's; a partition's size is its largest replica's. */
export function partitionsOf(
  states: { topic: string; partition: number; replicas: number[] }[],
  replicas: ReplicaState[],
): Replicated[] {
  const sizes = new Map<string, number>()
  for (const replica of replicas) sizes.set(keyOf(replica), Math.max(sizes.get(keyOf(replica)) ?? 0, replica.bytes))
  return states.map((state) => ({
    topic: state.topic,
    partition: state.partition,
    replicas: state.replicas,
    sizeBytes: sizes.get(keyOf(state)) ?? 0,
  }))
}

async function awaitCopies(op: Op, scene: Scene, underWay: Reassignment[]): Outcomes {
  const own = underWay.filter((move) => isOwn(op, move))
  if (own.length > 0) {
    await keepPace(op, scene)
    return wait(1, tellProgress(op, await op.world.clusters.replicas(scene.endpoints, own.map(idOf)), own))
  }
  const { partition, topic } = underWay[0]!
  return wait(
    1,
    `Waits for ${underWay.length} partitions that somebody else moves, the first being partition ${partition} of topic ${topic}.`,
  )
}

/** Only the node itself can be told; one that does not answer takes nothing new either. */
export const unlessUnavailable = (thrown: unknown): void => {
  if (!isUnavailable(thrown)) throw thrown
}

async function begin(op: Op, scene: Scene, moves: Move[]): Promise<void> {
  const { clusters } = op.world
  const copying = moves.filter((move) => !isOrderOnly(move))
  const batch: Batch = {
    partitions: copying.map(idOf),
    bytes: movedBytes(copying),
    bytesPerSecond: startingRate(op, scene),
    sinceMs: op.now().getTime(),
    copiedBytes: 0,
    stillMs: 0,
  }
  const leaving = scene.members.filter(({ intent }) => intent === 'leave').map(({ kafkaId }) => kafkaId)
  op.remember({ batch, cordoned: leaving, led: copying.length > 0 ? 0 : ledBy(op) + moves.length })
  // Before anything is done: whoever cancels after a crash must know what to take back.
  await op.write((tx) => updateOperationNotes(tx, op.operationId, op.notes))
  // Kafka 4.3 and later place nothing new there. Before, Millrace's own topics are kept off, and the proof at the end catches
  // what others made.
  for (const kafkaId of leaving) await clusters.cordon(scene.endpoints, kafkaId, true).catch(unlessUnavailable)
  await keepPace(op, scene, topicsOf(copying))
  await clusters.reassign(scene.endpoints, moves)
  // At once: Kafka itself, which looks every five minutes, would have all that are due change together.
  if (copying.length === 0) await clusters.electPreferredLeaders(scene.endpoints, moves)
}

/** Nodes that this Operation keeps new partitions off. */
export const cordonedBy = (op: Op): number[] => (op.notes.cordoned as number[] | null | undefined) ?? []

/** Partitions that this Operation sent on their way stay where they were. Null: none is any more. */
export async function giveMovesUp(op: Op, scene: Scene): Promise<Outcome<never> | null> {
  if (!batchOf(op)) return null
  const { clusters } = op.world
  const underWay = await clusters.listReassignments(scene.endpoints)
  const own = underWay.filter((move) => isOwn(op, move))
  if (own.length > 0) {
    await clusters.cancelReassignments(scene.endpoints, own)
    return wait(0.3, `${own.length} partitions that were on their way stay where they were.`)
  }
  await speedUp(op, scene, underWay)
  return null
}

async function settle(op: Op, scene: Scene, then: 'prove-empty' | 'verify'): Outcomes {
  await speedUp(op, scene, [])
  op.remember({ batch: null, led: null })
  const progress = progressOf(op.notes)
  if (progress) {
    lookOnce(op, { partitionsLeft: 0, bytesLeft: 0 })
    op.remember({ movedBytes: progress.bytes })
  }
  return next(then)
}
