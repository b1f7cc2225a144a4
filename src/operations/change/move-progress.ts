import type { PartitionId, Reassignment, ReplicaState } from '../../kafka/cluster.ts'
import type { Op } from '../world.ts'

/** What a change remembers of its moves: what is its own, how far it is, and since when nothing has come any further. */
export type MoveProgress = {
  partitions: number
  partitionsLeft: number
  /** Over the wire. */
  bytes: number
  bytesLeft: number
  /** Only the time in which somebody looked counts: not a pause, not a night without Millrace. */
  workedMs: number
  lookedAtMs: number
}

export const progressOf = (notes: Readonly<Record<string, unknown>>): MoveProgress | null =>
  (notes.moves as MoveProgress | undefined) ?? null

const longestGapMs = 5_000

/** One more look. `left`: of the plan as it is now, when it was planned anew. */
export function lookOnce(op: Op, left?: Pick<MoveProgress, 'partitionsLeft' | 'bytesLeft'>): number {
  const now = op.now().getTime()
  const before = progressOf(op.notes)
  const { partitionsLeft = 0, bytesLeft = 0 } = left ?? before ?? {}
  const gapMs = Math.min(longestGapMs, now - (before?.lookedAtMs ?? now))
  const moves: MoveProgress = {
    partitions: before?.partitions ?? partitionsLeft,
    bytes: before?.bytes ?? bytesLeft,
    partitionsLeft,
    bytesLeft,
    workedMs: (before?.workedMs ?? 0) + gapMs,
    lookedAtMs: now,
  }
  op.remember({ moves })
  return gapMs
}

/** What was sent on its way together, before anything else is. Known before it goes, also after a crash. */
export type Batch = {
  partitions: PartitionId[]
  bytes: number
  /** Of its throttle, at its begin. */
  bytesPerSecond: number
  sinceMs: number
  copiedBytes: number
  stillMs: number
}

export const batchOf = (op: Op): Batch | null => (op.notes.batch as Batch | null | undefined) ?? null

/** Sent on its way by this Operation, and by nobody else. */
export const isOwn = (op: Op, { topic, partition }: PartitionId): boolean =>
  batchOf(op)?.partitions.some((one) => one.topic === topic && one.partition === partition) ?? false

/** A batch that takes longer says for what it waits. */
const patienceMs = 30_000
const stillnessMs = 2 * 60_000

/** What is left of the whole, counting what the batch under way has copied so far. */
export function tellProgress(op: Op, replicas: ReplicaState[], underWay: Reassignment[]): string {
  const gapMs = lookOnce(op)
  const progress = progressOf(op.notes)!
  const copiedBytes = copiedOf(underWay, replicas)
  const bytesDone = progress.bytes - progress.bytesLeft + copiedBytes
  op.remember({ movedBytes: Math.min(progress.bytes, Math.max(0, bytesDone)) })
  const done = Math.max(0, progress.partitions - progress.partitionsLeft)
  return [
    `Moving partitions: ${done} of ${progress.partitions} done.`,
    ...delayWords(op, { underWay, copiedBytes, gapMs }),
  ].join(' ')
}

const copiedOf = (underWay: Reassignment[], replicas: ReplicaState[]): number =>
  underWay
    .flatMap(({ topic, partition, adding }) =>
      replicas.filter((one) => one.topic === topic && one.partition === partition && adding.includes(one.kafkaId)),
    )
    .reduce((sum, { bytes }) => sum + bytes, 0)

type Look = { underWay: Reassignment[]; copiedBytes: number; gapMs: number }

function delayWords(op: Op, { underWay, copiedBytes, gapMs }: Look): string[] {
  const batch = batchOf(op)
  const [first] = underWay
  if (!batch || !first) return []
  const stillMs = copiedBytes === batch.copiedBytes ? batch.stillMs + gapMs : 0
  op.remember({ batch: { ...batch, copiedBytes, stillMs } satisfies Batch })
  if (op.now().getTime() - batch.sinceMs < patienceMs) return []
  const since = new Date(batch.sinceMs).toISOString().slice(11, 19)
  const where = `partition ${first.partition} of topic ${first.topic} to come onto node ${first.adding.join(', ')}`
  return [
    `Waits since ${since} UTC for ${where}.`,
    ...(stillMs < stillnessMs ? [] : ['No byte has moved for more than 2 minutes: look at that node and its disk.']),
  ]
}
