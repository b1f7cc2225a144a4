import { cheapestWay } from './cheapest-way.ts'

/**
 * Chooses who leads each partition, among its replicas: within one of even for each topic as far as its replicas permit, then
 * for all topics together. Who leads already goes on leading where that is as even: as few leaders change as that
 * takes, so that a plan that is made anew half-way does not ask for more changes than are left. Brokers are numbered from 0.
 */
export type LedPartition = { topic: number; seats: number[]; leader: number }

/** Changes `leader`; one that is not among the seats is replaced. `topics` has the partitions of each. */
export function seatLeaders(topics: LedPartition[][], brokers: number): void {
  const table = new LeaderTable(topics, brokers)
  for (const topic of topics.keys()) table.levelTopic(topic)
  table.levelAll()
}

class LeaderTable {
  readonly #topics: LedPartition[][]
  readonly #brokers: number
  readonly #all: number[]
  /** By topic, then by broker. */
  readonly #own: number[][]
  /** Who led each at first, or was put there because nobody could. */
  readonly #home: Map<LedPartition, number>

  constructor(topics: LedPartition[][], brokers: number) {
    this.#topics = topics
    this.#brokers = brokers
    this.#all = Array.from({ length: brokers }, () => 0)
    this.#own = topics.map(() => Array.from({ length: brokers }, () => 0))
    const partitions = topics.flat()
    for (const partition of partitions) if (partition.seats.includes(partition.leader)) this.#count(partition, 1)
    for (const partition of partitions) {
      if (partition.seats.includes(partition.leader)) continue
      partition.leader = partition.seats.reduce((a, b) => (this.#leadsFewer(partition.topic, b, a) ? b : a))
      this.#count(partition, 1)
    }
    this.#home = new Map(partitions.map((partition) => [partition, partition.leader]))
  }

  #leadsFewer(topic: number, one: number, other: number): boolean {
    const own = this.#own[topic]!
    return own[one]! - own[other]! < 0 || (own[one] === own[other] && this.#all[one]! < this.#all[other]!)
  }

  #count({ topic, leader }: LedPartition, change: 1 | -1): void {
    this.#own[topic]![leader]! += change
    this.#all[leader]! += change
  }

  /** Until no chain of hand-overs makes it more even: then it is as even as it can be. */
  levelTopic(topic: number): void {
    const own = this.#own[topic]!
    this.#level(own, { partitions: this.#topics[topic]!, mayHand: () => true })
  }

  /** The same over all topics, by hand-overs that leave each of them as even as it is. */
  levelAll(): void {
    const mayHand = ({ topic }: LedPartition, from: number, to: number) =>
      this.#own[topic]![from]! > this.#own[topic]![to]!
    this.#level(this.#all, { partitions: this.#topics.flat(), mayHand })
  }

  #level(counts: number[], { partitions, mayHand }: Levelling): void {
    // By who leads, then by who led at first: one that goes home is a change less, one that has gone already is none more.
    const led = counts.map(() => counts.map(() => new Set<LedPartition>()))
    const setOf = (partition: LedPartition) => led[partition.leader]![this.#home.get(partition)!]!
    for (const partition of partitions) setOf(partition).add(partition)
    const handOver = (from: number, to: number) => {
      const one = (partition: LedPartition) => partition.seats.includes(to) && mayHand(partition, from, to)
      const by = led[from]!
      const returning = firstOf(by[to]!, one)
      if (returning) return { partition: returning, price: -1 }
      for (const home of by.keys()) {
        const moved = home === from || home === to ? undefined : firstOf(by[home]!, one)
        if (moved) return { partition: moved, price: 0 }
      }
      const settled = firstOf(by[from]!, one)
      return settled && { partition: settled, price: 1 }
    }
    for (let way = this.#wayDown(counts, handOver); way; way = this.#wayDown(counts, handOver)) {
      for (let at = way.length - 1; at > 0; at--) {
        const [from, to] = [way[at - 1]!, way[at]!]
        const { partition } = handOver(from, to) ?? {}
        if (!partition) return
        setOf(partition).delete(partition)
        this.#count(partition, -1)
        partition.leader = to
        this.#count(partition, 1)
        setOf(partition).add(partition)
      }
    }
  }

  /** From one that leads the most, to one that leads at least two fewer. */
  #wayDown(counts: number[], handOver: HandOver): number[] | null {
    const lowest = Math.min(...counts)
    // Nobody hands over while the way is looked for.
    const prices = new Map<number, number>()
    const price = (from: number, to: number) => {
      const hop = from * this.#brokers + to
      const known = prices.get(hop) ?? handOver(from, to)?.price ?? Infinity
      prices.set(hop, known)
      return known
    }
    const heights = [...new Set(counts)].filter((count) => count >= lowest + 2).toSorted((a, b) => b - a)
    for (const height of heights) {
      const way = cheapestWay({
        places: this.#brokers,
        isSource: (broker) => counts[broker] === height,
        isSink: (broker) => counts[broker]! <= height - 2,
        leastPrice: -1,
        price,
      })
      if (way) return way
    }
    return null
  }
}

/** `price`: how many more leaders differ from those at first. */
type HandOver = (from: number, to: number) => { partition: LedPartition; price: number } | undefined
type Levelling = { partitions: LedPartition[]; mayHand(partition: LedPartition, from: number, to: number): boolean }

function firstOf<T>(all: Set<T>, isIt: (one: T) => boolean): T | undefined {
  for (const one of all) if (isIt(one)) return one
  return undefined
}
