import { AppError } from './errors.ts'
import { evenOut } from './even-out.ts'

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

/** Only what changes. Throws `limit` (`Instance.TooFewNodes`) when a partition has more replicas than there are brokers. */
export function planMoves({ partitions, brokers }: { partitions: Replicated[]; brokers: Seat[] }): Move[] {
  refuseTooFew(partitions, brokers)
  const layout = new Layout(partitions, brokers)
  layout.fillGaps()
  layout.evenReplicas()
  layout.evenLeaders()
  return layout.moves()
}

function refuseTooFew(partitions: Replicated[], brokers: Seat[]): void {
  const wide = partitions.find(({ replicas }) => replicas.length > brokers.length)
  if (!wide) return
  throw new AppError(
    'limit',
    'Instance.TooFewNodes',
    `Topic ${wide.topic} has ${wide.replicas.length} replicas, and there would be ${brokers.length} nodes. Lower its replication first, or keep more nodes.`,
  )
}

/** A partition on its way from where it is to where it should be. */
type Item = { source: Replicated; width: number; seats: Set<number>; leader: number }

/** How many of something each broker has, in one topic or in all. */
type Tally = Map<number, number>

class Layout {
  readonly #rackOf: Map<number, string>
  readonly #ids: number[]
  readonly #racks: number
  readonly #topics: Item[][]
  readonly #items: Item[]
  readonly #total: Tally

  constructor(partitions: Replicated[], brokers: Seat[]) {
    this.#rackOf = new Map(brokers.map(({ kafkaId, rack }) => [kafkaId, rack]))
    this.#ids = [...this.#rackOf.keys()].toSorted((a, b) => a - b)
    this.#racks = new Set(this.#rackOf.values()).size
    this.#items = partitions.map((source) => this.#itemOf(source))
    this.#topics = [...Map.groupBy(this.#items, ({ source }) => source.topic).values()]
    this.#total = this.#tally(this.#items)
  }

  /** Every replica that may stay; one too many in a rack may not, when its place is needed in another. */
  #itemOf(source: Replicated): Item {
    const kept = source.replicas.filter((id) => this.#rackOf.has(id))
    const width = source.replicas.length
    const wanted = Math.min(width, this.#racks)
    for (let index = kept.length - 1; index > 0; index--) {
      const distinct = new Set(kept.map((id) => this.#rackOf.get(id)))
      if (distinct.size + width - kept.length >= wanted) break
      const rack = this.#rackOf.get(kept[index]!)
      if (kept.filter((id) => this.#rackOf.get(id) === rack).length > 1) kept.splice(index, 1)
    }
    return { source, width, seats: new Set(kept), leader: source.replicas[0] ?? -1 }
  }

  #tally(items: Item[]): Tally {
    const tally: Tally = new Map(this.#ids.map((id) => [id, 0]))
    for (const { seats } of items) for (const id of seats) tally.set(id, tally.get(id)! + 1)
    return tally
  }

  /** A place for every replica that has lost its own: in the emptiest rack of the partition, then on the emptiest broker. */
  fillGaps(): void {
    for (const topic of this.#topics) {
      const own = this.#tally(topic)
      for (const item of topic) {
        while (item.seats.size < item.width) {
          const best = this.#ids
            .filter((id) => !item.seats.has(id))
            .reduce((least, id) => (this.#compare(item, own, { a: id, b: least }) < 0 ? id : least))
          this.#put(item, own, best)
        }
      }
    }
  }

  #compare(item: Item, own: Tally, { a, b }: { a: number; b: number }): number {
    return (
      this.#inRackOf(item, a) - this.#inRackOf(item, b) ||
      own.get(a)! - own.get(b)! ||
      this.#total.get(a)! - this.#total.get(b)! ||
      a - b
    )
  }

  #inRackOf({ seats }: Item, broker: number): number {
    const rack = this.#rackOf.get(broker)
    let count = 0
    for (const id of seats) if (this.#rackOf.get(id) === rack) count++
    return count
  }

  #put(item: Item, own: Tally, to: number): void {
    item.seats.add(to)
    own.set(to, own.get(to)! + 1)
    this.#total.set(to, this.#total.get(to)! + 1)
  }

  #take(item: Item, own: Tally, from: number): void {
    item.seats.delete(from)
    own.set(from, own.get(from)! - 1)
    this.#total.set(from, this.#total.get(from)! - 1)
  }

  /** First each topic by itself, then all together without making any topic less even. */
  evenReplicas(): void {
    const tallies = new Map<Item, Tally>()
    for (const topic of this.#topics) {
      const own = this.#tally(topic)
      for (const item of topic) tallies.set(item, own)
      this.#even(topic, { of: (id) => own.get(id)!, tallies, mayTopic: () => true })
    }
    this.#even(this.#items, {
      of: (id) => this.#total.get(id)!,
      tallies,
      mayTopic: (item, { from, to }) => tallies.get(item)!.get(from)! > tallies.get(item)!.get(to)!,
    })
  }

  #even(items: Item[], { of, tallies, mayTopic }: Evening): void {
    const on = new Map(this.#ids.map((id) => [id, new Set(items.filter(({ seats }) => seats.has(id)))]))
    // Partitions that fill every rack alike never leave one: not worth looking through them.
    const areBound = items.every(({ width }) => width % this.#racks === 0)
    const isBound = (from: number, to: number) => areBound && this.#rackOf.get(from) !== this.#rackOf.get(to)
    evenOut<Item>({
      brokers: this.#ids,
      of,
      find: (from, to) => (isBound(from, to) ? undefined : this.#movable(on.get(from)!, { from, to }, mayTopic)),
      move: (item, { from, to }) => {
        const own = tallies.get(item)!
        this.#take(item, own, from)
        this.#put(item, own, to)
        on.get(from)!.delete(item)
        on.get(to)!.add(item)
      },
    })
  }

  /** One that has only just been given its place moves at no cost; otherwise the first. */
  #movable(candidates: Set<Item>, way: Way, mayTopic: Evening['mayTopic']): Item | undefined {
    let first: Item | undefined
    let looked = 0
    for (const item of candidates) {
      if (first && ++looked > mostLookedAt) return first
      if (item.seats.has(way.to) || !this.#keepsRacks(item, way) || !mayTopic(item, way)) continue
      if (!item.source.replicas.includes(way.from)) return item
      first ??= item
    }
    return first
  }

  #keepsRacks(item: Item, { from, to }: Way): boolean {
    if (this.#rackOf.get(from) === this.#rackOf.get(to)) return true
    return this.#inRackOf(item, to) < this.#inRackOf(item, from)
  }

  /** The leader stays where it may; leaders of each topic, then of all, are evened out over the replicas there are. */
  evenLeaders(): void {
    const total: Tally = new Map(this.#ids.map((id) => [id, 0]))
    const tallies = new Map<Item, Tally>()
    const lead = (item: Item, to: number) => {
      const own = tallies.get(item)!
      for (const tally of [own, total]) tally.set(to, tally.get(to)! + 1)
      item.leader = to
    }
    for (const topic of this.#topics) {
      const own: Tally = new Map(this.#ids.map((id) => [id, 0]))
      for (const item of topic) tallies.set(item, own)
      for (const item of topic) if (item.seats.has(item.leader)) lead(item, item.leader)
      for (const item of topic) {
        if (item.seats.has(item.leader)) continue
        lead(
          item,
          leastOf([...item.seats], (id) => [own.get(id)!, total.get(id)!, id]),
        )
      }
    }
    const even = (items: Item[], of: (id: number) => number, mayTopic: Evening['mayTopic']) => {
      const led = new Map(this.#ids.map((id) => [id, new Set(items.filter(({ leader }) => leader === id))]))
      evenOut<Item>({
        brokers: this.#ids,
        of,
        find: (from, to) => firstOf(led.get(from)!, (item) => item.seats.has(to) && mayTopic(item, { from, to })),
        move: (item, { from, to }) => {
          for (const tally of [tallies.get(item)!, total]) tally.set(from, tally.get(from)! - 1)
          lead(item, to)
          led.get(from)!.delete(item)
          led.get(to)!.add(item)
        },
      })
    }
    for (const topic of this.#topics) {
      const own = tallies.get(topic[0]!)!
      even(
        topic,
        (id) => own.get(id)!,
        () => true,
      )
    }
    even(
      this.#items,
      (id) => total.get(id)!,
      (item, { from, to }) => {
        const own = tallies.get(item)!
        return own.get(from)! > own.get(to)!
      },
    )
  }

  moves(): Move[] {
    return this.#items.flatMap(({ source, seats, leader }) => {
      const { topic, partition, replicas: from, sizeBytes } = source
      const kept = from.filter((id) => seats.has(id))
      const all = [...kept, ...[...seats].filter((id) => !kept.includes(id)).toSorted((a, b) => a - b)]
      const to = [leader, ...all.filter((id) => id !== leader)]
      const isSame = to.length === from.length && to[0] === from[0] && to.every((id) => from.includes(id))
      return isSame ? [] : [{ topic, partition, from, to, sizeBytes }]
    })
  }
}

/** So many more are looked at for one that moves at no cost. */
const mostLookedAt = 30

type Way = { from: number; to: number }
type Evening = {
  of(id: number): number
  tallies: Map<Item, Tally>
  mayTopic(item: Item, way: Way): boolean
}

function firstOf<T>(items: Iterable<T>, isIt: (item: T) => boolean): T | undefined {
  for (const item of items) if (isIt(item)) return item
  return undefined
}

function leastOf(ids: number[], key: (id: number) => number[]): number {
  const isLess = (a: number[], b: number[]) => {
    const index = a.findIndex((value, at) => value !== b[at])
    return index >= 0 && a[index]! < b[index]!
  }
  return ids.reduce((least, id) => (isLess(key(id), key(least)) ? id : least))
}

/** In order, each within both limits; one that is greater alone goes alone. */
export function batchesOf(moves: Move[], limits: { mostPartitions: number; mostBytes: number }): Move[][] {
  const batches: Move[][] = []
  let bytes = 0
  for (const move of moves) {
    const last = batches.at(-1)
    const own = movedBytes([move])
    if (last && last.length < limits.mostPartitions && bytes + own <= limits.mostBytes) {
      last.push(move)
      bytes += own
    } else {
      batches.push([move])
      bytes = own
    }
  }
  return batches
}

/** What goes over the wire: a partition's bytes for each replica that it gets anew. */
export const movedBytes = (moves: Move[]): number =>
  moves.reduce((sum, { from, to, sizeBytes }) => sum + sizeBytes * to.filter((id) => !from.includes(id)).length, 0)
