import { cheapestWay } from './cheapest-way.ts'

/**
 * Brings the replicas of one topic to where its quotas want them, with the fewest moves: a replica leaves a broker only when
 * that one has too many. No two replicas of a partition on one broker; never fewer racks than could be had. Brokers are
 * numbered from 0.
 */
export type SeatedPartition = {
  sizeBytes: number
  /** The broker that leads it; -1 where that one is gone. */
  leader: number
  /** How many replicas it shall have. */
  width: number
  /** Brokers that have a copy now: going back to one costs nothing. */
  origin: ReadonlySet<number>
  /** Where its replicas are to be. Fewer than `width`: some are still without a place. */
  seats: number[]
}

export type Hall = {
  /** By broker. */
  rackOf: number[]
  racks: number
  /** By broker: bytes that it gets; what is equal otherwise goes where fewest go. Counted on here. */
  incomingBytes: number[]
}

/** So many replicas of it may share a rack with another of its own. */
const mostShared = ({ width }: SeatedPartition, { racks }: Hall): number => width - Math.min(width, racks)

export function sharedRacks(seats: number[], { rackOf }: Hall): number {
  return seats.length - new Set(seats.map((broker) => rackOf[broker])).size
}

/** Changes `seats` of the partitions. */
export function seatTopic(partitions: SeatedPartition[], quotas: number[], hall: Hall): void {
  const seating = new Seating(partitions, quotas, hall)
  seating.moveStraight()
  seating.moveInTurns()
  seating.seatTheRest()
}

class Seating {
  readonly #hall: Hall
  readonly #quotas: number[]
  /** By broker; the last is the lobby: partitions that wait for a place, one entry for each. */
  readonly #on: Set<SeatedPartition>[]
  readonly #lobby: number

  constructor(partitions: SeatedPartition[], quotas: number[], hall: Hall) {
    this.#hall = hall
    this.#quotas = quotas
    this.#lobby = quotas.length
    // Of replicas that may move equally well the leader goes last, and first the one with the fewest bytes.
    const inOrder = partitions.toSorted((a, b) => a.sizeBytes - b.sizeBytes)
    this.#on = quotas.map((_, broker) => {
      const own = inOrder.filter(({ seats }) => seats.includes(broker))
      return new Set(own.toSorted((a, b) => Number(a.leader === broker) - Number(b.leader === broker)))
    })
    this.#on.push(new Set(inOrder.filter(({ seats, width }) => seats.length < width)))
  }

  /** Too many (positive) or too few (negative). */
  #excess(broker: number): number {
    return broker === this.#lobby ? this.#on[broker]!.size : this.#on[broker]!.size - this.#quotas[broker]!
  }

  /** Each from where there are too many to where there are too few: no plan has fewer moves. */
  moveStraight(): void {
    for (const from of [this.#lobby, ...this.#quotas.keys()]) {
      for (const partition of this.#on[from]!) {
        while (this.#excess(from) > 0 && this.#on[from]!.has(partition)) {
          const to = this.#bestSeat(partition, from)
          if (to === undefined) break
          this.#move(partition, from, to)
        }
        if (this.#excess(from) <= 0) break
      }
    }
  }

  #bestSeat(partition: SeatedPartition, from: number): number | undefined {
    let best: number | undefined
    for (let to = 0; to < this.#lobby; to++) {
      if (this.#excess(to) >= 0 || !this.#mayMove(partition, from, to)) continue
      if (best === undefined || this.#isBetter(partition, to, best)) best = to
    }
    return best
  }

  #isBetter({ origin }: SeatedPartition, one: number, other: number): boolean {
    if (origin.has(one) !== origin.has(other)) return origin.has(one)
    const { incomingBytes } = this.#hall
    return (
      this.#excess(one) - this.#excess(other) < 0 ||
      (this.#excess(one) === this.#excess(other) && incomingBytes[one]! < incomingBytes[other]!)
    )
  }

  /** What cannot go straight goes in turns: one makes room for the other. */
  moveInTurns(): void {
    const question = {
      places: this.#quotas.length + 1,
      isSource: (broker: number) => this.#excess(broker) > 0,
      isSink: (broker: number) => broker !== this.#lobby && this.#excess(broker) < 0,
      leastPrice: -1,
      price: (from: number, to: number) => this.#cheapest(from, to)?.price ?? Infinity,
    }
    for (let way = cheapestWay(question); way; way = cheapestWay(question)) {
      for (let at = way.length - 1; at > 0; at--) {
        const [from, to] = [way[at - 1]!, way[at]!]
        const found = this.#cheapest(from, to)
        if (!found) return
        this.#move(found.partition, from, to)
      }
    }
  }

  #cheapest(from: number, to: number): { partition: SeatedPartition; price: number } | undefined {
    let best: { partition: SeatedPartition; price: number } | undefined
    if (to === this.#lobby) return best
    for (const partition of this.#on[from]!) {
      if (!this.#mayMove(partition, from, to)) continue
      const price = this.#priceOf(partition, from, to)
      if (!best || price < best.price) best = { partition, price }
      if (price < 0) break
    }
    return best
  }

  /** In copies more than before. */
  #priceOf({ origin }: SeatedPartition, from: number, to: number): number {
    return (origin.has(to) ? 0 : 1) - (from !== this.#lobby && !origin.has(from) ? 1 : 0)
  }

  #mayMove(partition: SeatedPartition, from: number, to: number): boolean {
    const { seats } = partition
    if (seats.includes(to)) return false
    const { rackOf } = this.#hall
    if (from !== this.#lobby && rackOf[from] === rackOf[to]) return true
    const after = [...seats.filter((broker) => broker !== from), to]
    return sharedRacks(after, this.#hall) <= mostShared(partition, this.#hall)
  }

  #move(partition: SeatedPartition, from: number, to: number): void {
    if (from === this.#lobby) partition.seats.push(to)
    else partition.seats[partition.seats.indexOf(from)] = to
    if (from !== this.#lobby || partition.seats.length === partition.width) this.#on[from]!.delete(partition)
    this.#on[to]!.add(partition)
    if (!partition.origin.has(to)) this.#hall.incomingBytes[to]! += partition.sizeBytes
    if (from !== this.#lobby && !partition.origin.has(from)) this.#hall.incomingBytes[from]! -= partition.sizeBytes
  }

  /** No quota is worth a missing replica: whoever is left takes any place that its racks permit, or any at all. */
  seatTheRest(): void {
    for (const partition of this.#on[this.#lobby]!) {
      while (partition.seats.length < partition.width) {
        const free = [...this.#quotas.keys()].filter((broker) => !partition.seats.includes(broker))
        const spread = free.filter((broker) => this.#mayMove(partition, this.#lobby, broker))
        const places = spread.length > 0 ? spread : free
        this.#move(
          partition,
          this.#lobby,
          places.reduce((a, b) => (this.#isBetter(partition, b, a) ? b : a)),
        )
      }
    }
  }
}
