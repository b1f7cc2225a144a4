import { mibPerSecondPerAku } from '../../domain/aku.ts'
import { isOrderOnly, movedBytes, nextBatch, planMoves, type Move, type Replicated } from '../../domain/move-plan.ts'
import { isUnavailable } from '../../domain/errors.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import type { PartitionId, Reassignment, ReplicaState } from '../../kafka/cluster.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { evidenceOf, lookAt, reviveStopped, type Scene } from './scene.ts'
import { wholenessOf } from './wholeness.ts'

/**
 * Moves replicas off nodes that leave and onto nodes that join, batch by batch under a throttle, each batch planned anew from
 * what is there: found half-way it goes on. The throttle goes when nothing is left to move.
 */
type Outcomes = Promise<Outcome<ChangeStep>>

/** So many replicas come onto a node at a time. */
const mostArriving = 2
/**
 * A copy that is so near its end is not slowed any more: Kafka slows a replica that has just come in sync like one that has
 * not, and producers would wait for it.
 */
const nearBytes = 8 * 2 ** 20
/** Per node, half of what one AKU writes stays for moving beside the clients. */
export const throttleBytesPerSecond = (mibPerSecondPerAku.write / 2) * 2 ** 20

/** What the page shows while data moves. Bytes over the wire. */
export type MoveProgress = {
  partitions: number
  partitionsLeft: number
  bytes: number
  bytesLeft: number
  sinceMs: number
}

export const progressOf = (notes: Readonly<Record<string, unknown>>): MoveProgress | null =>
  (notes.moves as MoveProgress | undefined) ?? null

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
  if (underWay.length > 0) {
    await slowDown(op, scene, underWay.filter((move) => isFarFromDone(move, replicas)).map(wayOf))
    return wait(0.5, tellProgress(op, replicas, underWay))
  }

  const evidence = await evidenceOf(op, scene)
  const { why } = wholenessOf(op, scene, { evidence, due: [] })
  if (why) return wait(0.4, `Waits before it moves more: ${why}.`)
  const partitions = partitionsOf(evidence.observation.partitions, replicas)
  const moves = planMoves({ partitions, brokers: seatsOf(scene) })
  if (moves.length === 0) return await settle(op, scene, then)

  await cordonLeaving(op, scene)
  await begin(op, scene, moves)
  return wait(0.3, tellProgress(op, replicas, []))
}

const seatsOf = ({ members }: Scene) =>
  members.filter(({ intent }) => intent !== 'leave').map(({ kafkaId, zone }) => ({ kafkaId, rack: zone }))

const keyOf = ({ topic, partition }: { topic: string; partition: number }) => `${partition} ${topic}`

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

/** Kafka 4.3 and later place nothing new on a cordoned node; before, the proof at the end catches what came. */
async function cordonLeaving(op: Op, { members, endpoints }: Scene): Promise<void> {
  for (const { kafkaId, intent } of members) {
    if (intent === 'leave') await op.world.clusters.cordon(endpoints, kafkaId, true).catch(unlessUnavailable)
  }
}

/** Only the node itself can be told; one that does not answer takes nothing new either. */
const unlessUnavailable = (thrown: unknown): void => {
  if (!isUnavailable(thrown)) throw thrown
}

async function begin(op: Op, scene: Scene, moves: Move[]): Promise<void> {
  const batch = nextBatch(moves, mostArriving)
  const before = progressOf(op.notes)
  const bytesLeft = movedBytes(moves)
  const moved: MoveProgress = {
    partitions: before?.partitions ?? moves.length,
    bytes: before?.bytes ?? bytesLeft,
    partitionsLeft: moves.length,
    bytesLeft,
    sinceMs: before?.sinceMs ?? op.now().getTime(),
  }
  op.remember({ moves: moved })
  await slowDown(
    op,
    scene,
    batch.filter((move) => !isOrderOnly(move) && move.sizeBytes > nearBytes),
  )
  await op.world.clusters.reassign(scene.endpoints, batch)
  if (batch.every(isOrderOnly)) await op.world.clusters.electPreferredLeaders(scene.endpoints)
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

/** These and no others. */
async function slowDown(op: Op, { endpoints }: Scene, moves: Way[]): Promise<void> {
  const before = (op.notes.slowed as PartitionId[] | undefined) ?? []
  const slowed = moves.map(({ topic, partition }) => ({ topic, partition }))
  if (slowed.map(keyOf).toSorted().join() === before.map(keyOf).toSorted().join()) return
  const isSlowed = (topic: string) => moves.some((move) => move.topic === topic)
  const free = [...new Set(before.map(({ topic }) => topic))].filter((topic) => !isSlowed(topic))
  await op.world.clusters.throttleMoves(endpoints, { bytesPerSecond: throttleBytesPerSecond, moves, free })
  op.remember({ slowed })
}

/** What is left of the whole, counting what the batch under way has copied so far. */
function tellProgress(op: Op, replicas: ReplicaState[], underWay: Reassignment[]): string {
  const progress = progressOf(op.notes)
  if (!progress) return 'Partitions are being moved.'
  const copied = underWay.flatMap(({ topic, partition, adding }) =>
    replicas.filter(
      (replica) => replica.topic === topic && replica.partition === partition && adding.includes(replica.kafkaId),
    ),
  )
  const done = progress.partitions - progress.partitionsLeft
  const bytesDone = progress.bytes - progress.bytesLeft + copied.reduce((sum, { bytes }) => sum + bytes, 0)
  op.remember({ movedBytes: Math.min(progress.bytes, Math.max(0, bytesDone)) })
  return `Moving partitions: ${Math.max(0, done)} of ${progress.partitions} done.`
}

async function settle(op: Op, scene: Scene, then: 'prove-empty' | 'verify'): Outcomes {
  await op.world.clusters.liftThrottle(scene.endpoints)
  await op.world.clusters.electPreferredLeaders(scene.endpoints)
  op.remember({ slowed: [] })
  const progress = progressOf(op.notes)
  if (progress) op.remember({ moves: { ...progress, partitionsLeft: 0, bytesLeft: 0 }, movedBytes: progress.bytes })
  return next(then)
}
