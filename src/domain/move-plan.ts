import { AppError } from './errors.ts'
import { seatLeaders } from './leader-seating.ts'
import { nextGently } from './preferred-leader.ts'
import { replicaQuotas } from './replica-quotas.ts'
import { seatTopic, sharedRacks, type Hall, type SeatedPartition } from './topic-seating.ts'

/**
 * Where replicas should lie, and the fewest moves that bring them there. Pure and deterministic: the same cluster gives the
 * same plan, so that a move found half-way is planned on from where it stands. What must hold, in this order: no two replicas
 * of a partition on one broker; as many racks as there can be; replicas and leaders of each topic within one of even, as far
 * as the racks permit; then all topics together. Who may stay where it is, stays.
 */
export type Replicated = { topic: string; partition: number; replicas: number[]; sizeBytes: number }

/** `to[0]` is the preferred leader. */
export type Move = { topic: string; partition: number; from: number[]; to: number[]; sizeBytes: number }

/** A broker that may carry data, and the rack it stands in. */
export type Seat = { kafkaId: number; rack: string }

export const seatOf = ({ kafkaId, zone }: { kafkaId: number; zone: string }): Seat => ({ kafkaId, rack: zone })

/** A partition on its way from where it is to where it should be. */
type Item = SeatedPartition & { source: Replicated; topic: number; leader: number }

/** Only what changes, by topic and partition. Throws `limit` (`Instance.TooFewNodes`) when a partition has more replicas than there are brokers. */
export function planMoves({ partitions, brokers }: { partitions: Replicated[]; brokers: Seat[] }): Move[] {
  refuseTooFew(partitions, brokers)
  const seats = brokers.toSorted((a, b) => a.kafkaId - b.kafkaId)
  const hall = hallOf(seats)
  const topics = topicsOf(partitions).map((own, topic) => own.map((source) => itemOf(source, { topic, seats, hall })))

  const quotas = replicaQuotas(
    topics.map((items) => loadOf(items, hall)),
    hall.rackOf,
  )
  for (const [topic, items] of topics.entries()) seatTopic(items, quotas[topic]!, hall)
  seatLeaders(topics, seats.length)
  return topics.flat().flatMap((item) => moveOf(item, seats) ?? [])
}

export type NewPartitions = { topic: string; standing: Replicated[]; count: number; copies: number }

/**
 * Where partitions that a topic gets go, beside those that it has: as a plan of moves would have them. The first replica is the
 * preferred leader. Throws like `planMoves`.
 */
export function placesForNew({ topic, standing, count, copies }: NewPartitions, brokers: Seat[]): number[][] {
  const first = standing.length
  const replicas = Array.from({ length: copies }, () => nowhere)
  const wanted = Array.from({ length: count }, (_, index) => {
    return { topic, partition: first + index, replicas, sizeBytes: 0 }
  })
  const moves = planMoves({ partitions: [...standing, ...wanted], brokers })
  return moves.filter(({ partition }) => partition >= first).map(({ to }) => to)
}

/** No broker has this id. */
const nowhere = -1

function refuseTooFew(partitions: Replicated[], brokers: Seat[]): void {
  const wide = partitions.find(({ replicas }) => replicas.length > brokers.length)
  if (!wide) return
  throw new AppError(
    'limit',
    'Instance.TooFewNodes',
    `Topic ${wide.topic} has ${wide.replicas.length} replicas, and there would be ${brokers.length} nodes. Lower its replication first, or keep more nodes.`,
  )
}

function hallOf(seats: Seat[]): Hall {
  const racks = [...new Set(seats.map(({ rack }) => rack))]
  return {
    rackOf: seats.map(({ rack }) => racks.indexOf(rack)),
    racks: racks.length,
    incomingBytes: seats.map(() => 0),
  }
}

function topicsOf(partitions: Replicated[]): Replicated[][] {
  const inOrder = partitions.toSorted((a, b) => a.partition - b.partition)
  const byTopic = [...Map.groupBy(inOrder, ({ topic }) => topic)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return byTopic.map(([, own]) => own)
}

/** Every replica stays for now that may; one too many in a rack may not, when its place is needed in another. */
function itemOf(source: Replicated, { topic, seats, hall }: { topic: number; seats: Seat[]; hall: Hall }): Item {
  const numbers = source.replicas.map((id) => seats.findIndex(({ kafkaId }) => kafkaId === id))
  const kept = numbers.filter((broker) => broker >= 0)
  const width = source.replicas.length
  const origin = new Set(kept)
  const mostShared = width - Math.min(width, hall.racks)
  // From the back: the preferred leader is the last to go.
  for (let index = kept.length - 1; index > 0 && sharedRacks(kept, hall) > mostShared; index--) {
    const others = kept.toSpliced(index, 1)
    if (sharedRacks(others, hall) < sharedRacks(kept, hall)) kept.splice(index, 1)
  }
  return { source, topic, width, origin, seats: kept, leader: numbers[0] ?? -1, sizeBytes: source.sizeBytes }
}

function loadOf(items: Item[], { rackOf, racks }: Hall) {
  const current = rackOf.map(() => 0)
  for (const { seats } of items) for (const broker of seats) current[broker]!++
  const replicas = items.reduce((sum, { width }) => sum + width, 0)
  const limits = Array.from({ length: racks }, (_, rack) => {
    const brokers = rackOf.filter((one) => one === rack).length
    const least = items.filter(({ width }) => width >= racks).length
    const most = items.reduce((sum, { width }) => sum + Math.min(brokers, Math.max(1, width - racks + 1)), 0)
    return { brokers, least, most }
  })
  return { replicas, current, racks: limits }
}

/** Replicas that stay keep their order, new ones come last: followers are equal, and an order that nobody needs is no change. */
function moveOf({ source, seats: numbers, leader }: Item, seats: Seat[]): Move | undefined {
  const ids = numbers.map((broker) => seats[broker]!.kafkaId)
  const first = leader < 0 ? [] : [seats[leader]!.kafkaId]
  const { topic, partition, replicas: from, sizeBytes } = source
  const stayed = from.filter((id) => ids.includes(id))
  const added = ids.filter((id) => !from.includes(id)).toSorted((a, b) => a - b)
  const to = [...new Set([...first, ...stayed, ...added])]
  return added.length === 0 && to[0] === from[0] ? undefined : { topic, partition, from, to, sizeBytes }
}

/** What is copied at most at a time from one broker, or onto one: a partition, and others beside it while they are small together. */
const atOnce = { partitions: 8, bytes: 8 * 2 ** 20 }

/**
 * What to begin with. Each copy costs the broker that leads the partition and the one that receives it, which clients feel, so
 * neither has more than a little to do at a time. A change of leader is felt too, and nodes that lead share clients' records out into
 * more requests: leaders change at two moments only, before the first copy, where the leader is to leave its partition, and when all
 * data lies where it should.
 *
 * `isWarm`: no node has just started. One that has must yet compile what a copy needs, and clients wait for that too: then one partition
 * goes at a time. `led`: how many leaders have changed since the last copy.
 */
export function nextBatch(moves: Move[], { isWarm, led }: { isWarm: boolean; led: number }): Move[] {
  const copying = moves.filter((move) => newcomersOf(move).length > 0)
  if (copying.length === 0) return nextGently(moves, led)
  const handedOver = copying.flatMap((move) => handOver(move) ?? [])
  if (handedOver.length > 0) return nextGently(handedOver, led)
  return (isWarm ? besideEachOther(copying) : copying.slice(0, 1)).map(withItsLeader)
}

function besideEachOther(copying: Move[]): Move[] {
  const [leading, arriving] = [new Map<number, Copies>(), new Map<number, Copies>()]
  return copying.filter((move) => {
    const targets = newcomersOf(move)
    const leader = move.from[0]!
    const copies = [leading.get(leader), ...targets.map((id) => arriving.get(id))]
    if (!copies.every((one) => hasRoom(one, move))) return false
    for (const id of targets) {
      addCopy(leading, leader, move)
      addCopy(arriving, id, move)
    }
    return true
  })
}

type Copies = { partitions: number; bytes: number }

const hasRoom = (copies: Copies | undefined, { sizeBytes }: Move): boolean =>
  !copies || (copies.partitions < atOnce.partitions && copies.bytes + sizeBytes <= atOnce.bytes)

function addCopy(copies: Map<number, Copies>, broker: number, { sizeBytes }: Move): void {
  const { partitions, bytes } = copies.get(broker) ?? { partitions: 0, bytes: 0 }
  copies.set(broker, { partitions: partitions + 1, bytes: bytes + sizeBytes })
}

/** The same replicas, led by one that stays; undefined when the leader stays itself, or nobody does. */
function handOver(move: Move): Move | undefined {
  const { from, to } = move
  const heir = to.find((id) => from.includes(id))
  if (heir === undefined || to.includes(from[0]!)) return undefined
  return { ...move, to: [heir, ...from.filter((id) => id !== heir)] }
}

const withItsLeader = (move: Move): Move => {
  const leader = move.from[0]!
  return move.to.includes(leader) ? { ...move, to: [leader, ...move.to.filter((id) => id !== leader)] } : move
}

/** Does it copy nothing, and only say who leads? */
export const isOrderOnly = (move: Move): boolean => newcomersOf(move).length === 0

const newcomersOf = ({ from, to }: Move) => to.filter((id) => !from.includes(id))

/** What goes over the wire: a partition's bytes for each replica that it gets anew. */
export const movedBytes = (moves: Move[]): number =>
  moves.reduce((sum, move) => sum + move.sizeBytes * newcomersOf(move).length, 0)
