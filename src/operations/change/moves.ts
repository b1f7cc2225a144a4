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
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import type { PartitionId, Reassignment, ReplicaState } from '../../kafka/cluster.ts'
import { updateOperationNotes } from '../../store/operations.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { batchOf, isOwn, lookOnce, progressOf, tellProgress, type Batch } from './move-progress.ts'
import { throttleBytesPerSecond } from './pace.ts'
import { evidenceOf, lookAt, reviveStopped, type Scene } from './scene.ts'
import { wholenessOf } from './wholeness.ts'

/**
 * Moves replicas off nodes that leave and onto nodes that join, batch by batch under a throttle, each batch planned anew from
 * what is there: found half-way it goes on. The throttle goes when nothing is left to move, and while the change stands still.
 * What others move is waited for, and let alone.
 */
type Outcomes = Promise<Outcome<ChangeStep>>

/** So many replicas come onto a node at a time. */
const mostArriving = 2
/**
 * A copy that is so near its end is not slowed any more: Kafka slows a replica that has just come in sync like one that has
 * not, and producers would wait for it.
 */
const nearBytes = 8 * 2 ** 20

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
  const replicas = await clusters.replicas(scene.endpoints)
  if (underWay.length > 0) return await awaitCopies(op, scene, { underWay, replicas })

  const evidence = await evidenceOf(op, scene)
  const { why } = wholenessOf(op, scene, { evidence, due: [] })
  if (why) return wait(0.4, `Waits before it moves more: ${why}.`)
  const partitions = partitionsOf(evidence.observation.partitions, replicas)
  const moves = planMoves({ partitions, brokers: seatsOf(scene) })
  if (moves.length === 0) return await settle(op, scene, then)

  lookOnce(op, { partitionsLeft: moves.length, bytesLeft: movedBytes(moves) })
  await begin(op, scene, nextBatch(moves, mostArriving))
  return wait(0.3, tellProgress(op, replicas, []))
}

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

type Moving = { underWay: Reassignment[]; replicas: ReplicaState[] }

async function awaitCopies(op: Op, scene: Scene, { underWay, replicas }: Moving): Outcomes {
  const own = underWay.filter((move) => isOwn(op, move))
  await slowDown(op, scene, own.filter((move) => isFarFromDone(move, replicas)).map(wayOf))
  if (own.length > 0) return wait(0.5, tellProgress(op, replicas, own))
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
  const batch: Batch = { partitions: copying.map(idOf), sinceMs: op.now().getTime(), copiedBytes: 0, stillMs: 0 }
  const leaving = scene.members.filter(({ intent }) => intent === 'leave').map(({ kafkaId }) => kafkaId)
  op.remember({ batch, cordoned: leaving })
  // Before anything is done: whoever cancels after a crash must know what to take back.
  await op.write((tx) => updateOperationNotes(tx, op.operationId, op.notes))
  // Kafka 4.3 and later place nothing new there. Before, Millrace's own topics are kept off, and the proof at the end catches
  // what others made.
  for (const kafkaId of leaving) await clusters.cordon(scene.endpoints, kafkaId, true).catch(unlessUnavailable)
  await slowDown(
    op,
    scene,
    copying.filter(({ sizeBytes }) => sizeBytes > nearBytes),
  )
  await clusters.reassign(scene.endpoints, moves)
  if (copying.length === 0) await clusters.electPreferredLeaders(scene.endpoints)
}

type Way = PartitionId & { from: number[]; to: number[] }

const wayOf = ({ topic, partition, replicas, adding, removing }: Reassignment): Way => ({
  topic,
  partition,
  from: replicas.filter((id) => !adding.includes(id)),
  to: replicas.filter((id) => !removing.includes(id)),
})

function isFarFromDone({ topic, partition, adding }: Reassignment, all: ReplicaState[]): boolean {
  const replicas = all.filter((replica) => replica.topic === topic && replica.partition === partition)
  const size = Math.max(0, ...replicas.map(({ bytes }) => bytes))
  return replicas.some(({ kafkaId, bytes }) => adding.includes(kafkaId) && bytes + nearBytes < size)
}

const slowedBy = (op: Op): PartitionId[] => (op.notes.slowed as PartitionId[] | undefined) ?? []

/** These and no others of the Operation's own. */
async function slowDown(op: Op, { endpoints }: Scene, moves: Way[]): Promise<void> {
  const before = slowedBy(op)
  const slowed = moves.map(idOf)
  if (slowed.map(keyOf).toSorted().join() === before.map(keyOf).toSorted().join()) return
  const isSlowed = (topic: string) => moves.some((move) => move.topic === topic)
  const free = [...new Set(before.map(({ topic }) => topic))].filter((topic) => !isSlowed(topic))
  await op.world.clusters.throttleMoves(endpoints, { bytesPerSecond: throttleBytesPerSecond, moves, free })
  op.remember({ slowed })
}

/** Nothing is slowed any more, but what others move. Nothing to do before the first move. */
async function speedUp(op: Op, { endpoints }: Scene, underWay: Reassignment[]): Promise<void> {
  if (!batchOf(op)) return
  const except = underWay.filter((move) => !isOwn(op, move)).map(({ topic }) => topic)
  await op.world.clusters.liftThrottle(endpoints, { except })
  op.remember({ slowed: [] })
}

/** While the change stands still, nobody sees a copy near its end: it goes as fast as it can. */
export async function letMovesGo(op: Op, scene: Scene): Promise<void> {
  if (batchOf(op)) await speedUp(op, scene, await op.world.clusters.listReassignments(scene.endpoints))
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
  await op.world.clusters.electPreferredLeaders(scene.endpoints)
  op.remember({ batch: null })
  const progress = progressOf(op.notes)
  if (progress) {
    lookOnce(op, { partitionsLeft: 0, bytesLeft: 0 })
    op.remember({ movedBytes: progress.bytes })
  }
  return next(then)
}
