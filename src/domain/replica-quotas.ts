import { cheapestWay } from './cheapest-way.ts'
import { evenShares, wholeAbove, wholeBelow, type RackLimits } from './even-share.ts'

/**
 * How many replicas of each topic each broker should carry: within one of even for each topic as far as the racks permit, then
 * within one of even for all topics together, and so that as many replicas as possible stay where they are. Brokers are
 * numbered from 0; where each replica goes is not decided here.
 */
export type TopicLoad = {
  replicas: number
  /** By broker: how many are there now. */
  current: number[]
  /** By rack: how many of them there may be. */
  racks: RackLimits[]
}

/** By topic, then by broker. `rackOf` says the rack of each broker. */
export function replicaQuotas(topics: TopicLoad[], rackOf: number[]): number[][] {
  const rows = topics.map((topic) => rowOf(topic, rackOf))
  const targets = rackOf.map((_, broker) => rows.reduce((sum, { shares }) => sum + shares[broker]!, 0))
  const table = new Table(rows, targets, rackOf)
  table.level()
  return rows.map(({ floors, hasExtra }) => floors.map((floor, broker) => floor + (hasExtra[broker] ? 1 : 0)))
}

/** One topic: each broker carries its floor; of those with a fraction some carry one more. */
type Row = {
  shares: number[]
  floors: number[]
  mayHaveExtra: boolean[]
  hasExtra: boolean[]
  /** One more than the floor is there already: left there, it need not move. */
  saves: boolean[]
  extras: number
  racks: { extras: number; least: number; most: number }[]
}

function rowOf({ replicas, current, racks }: TopicLoad, rackOf: number[]): Row {
  const byRack = evenShares(replicas, racks)
  const shares = rackOf.map((rack) => byRack[rack]!)
  const floors = shares.map(wholeBelow)
  const floorOf = (rack: number) => racks[rack]!.brokers * wholeBelow(byRack[rack]!)
  return {
    shares,
    floors,
    mayHaveExtra: shares.map((share, broker) => wholeAbove(share) > floors[broker]!),
    hasExtra: shares.map(() => false),
    saves: current.map((count, broker) => count > floors[broker]!),
    extras: replicas - floors.reduce((sum, floor) => sum + floor, 0),
    racks: racks.map(({ least, most }, rack) => ({
      extras: 0,
      least: least - floorOf(rack),
      most: most - floorOf(rack),
    })),
  }
}

class Table {
  readonly #rows: Row[]
  readonly #targets: number[]
  readonly #rackOf: number[]
  readonly #totals: number[]
  /** By from, to and price: how many topics could hand an extra over. */
  readonly #hops: Int32Array

  constructor(rows: Row[], targets: number[], rackOf: number[]) {
    this.#rows = rows
    this.#targets = targets
    this.#rackOf = rackOf
    this.#totals = rackOf.map((_, broker) => rows.reduce((sum, { floors }) => sum + floors[broker]!, 0))
    this.#hops = new Int32Array(rackOf.length ** 2 * prices.length)
    for (const row of rows) this.#giveExtras(row)
    for (const row of rows) this.#countHops(row, 1)
  }

  /** First what each rack must have, then the rest; those that need not move first, then the broker furthest below its target. */
  #giveExtras(row: Row): void {
    const mustHave = row.racks.map((_, rack) => rack).filter((rack) => row.racks[rack]!.least > 0)
    for (const rack of mustHave) {
      while (row.racks[rack]!.extras < row.racks[rack]!.least)
        this.#giveTo(row, (broker) => this.#rackOf[broker] === rack)
    }
    let left = row.extras - row.racks.reduce((sum, { extras }) => sum + extras, 0)
    for (; left > 0; left--) {
      this.#giveTo(row, (broker) => {
        const rack = row.racks[this.#rackOf[broker]!]!
        return rack.extras < rack.most
      })
    }
  }

  #giveTo(row: Row, may: (broker: number) => boolean): void {
    let best = -1
    for (let broker = 0; broker < this.#rackOf.length; broker++) {
      if (!row.mayHaveExtra[broker] || row.hasExtra[broker] || !may(broker)) continue
      if (best < 0 || this.#isBetter(row, broker, best)) best = broker
    }
    if (best >= 0) this.#set(row, best, true)
  }

  #isBetter(row: Row, broker: number, than: number): boolean {
    if (row.saves[broker] !== row.saves[than]) return row.saves[broker]!
    return this.#totals[broker]! - this.#targets[broker]! < this.#totals[than]! - this.#targets[than]!
  }

  #set(row: Row, broker: number, hasExtra: boolean): void {
    row.hasExtra[broker] = hasExtra
    row.racks[this.#rackOf[broker]!]!.extras += hasExtra ? 1 : -1
    this.#totals[broker]! += hasExtra ? 1 : -1
  }

  /** Hands extras on, along the cheapest ways, until every broker is within one of its target. */
  level(): void {
    const excess = (broker: number) => this.#totals[broker]! - wholeAbove(this.#targets[broker]!)
    const lack = (broker: number) => wholeBelow(this.#targets[broker]!) - this.#totals[broker]!
    this.#handOn(
      (broker) => excess(broker) > 0,
      (broker) => excess(broker) < 0,
    )
    this.#handOn(
      (broker) => lack(broker) < 0,
      (broker) => lack(broker) > 0,
    )
  }

  #handOn(isSource: (broker: number) => boolean, isSink: (broker: number) => boolean): void {
    const question = {
      places: this.#rackOf.length,
      isSource,
      isSink,
      leastPrice: prices[0]!,
      price: (from: number, to: number) => this.#cheapestPrice(from, to) ?? Infinity,
    }
    for (let way = cheapestWay(question); way; way = cheapestWay(question)) {
      // From the far end, so that no broker is ever asked for an extra that it does not have yet.
      for (let at = way.length - 1; at > 0; at--) if (!this.#hand(way[at - 1]!, way[at]!)) return
    }
  }

  #hand(from: number, to: number): boolean {
    const price = this.#cheapestPrice(from, to)
    const row = this.#rows.find((one) => this.#mayHand(one, from, to) && priceOf(one, from, to) === price)
    if (!row) return false
    this.#countHops(row, -1)
    this.#set(row, from, false)
    this.#set(row, to, true)
    this.#countHops(row, 1)
    return true
  }

  #cheapestPrice(from: number, to: number): number | undefined {
    return prices.find((price) => this.#hops[this.#hopAt(from, to, price)]! > 0)
  }

  #mayHand(row: Row, from: number, to: number): boolean {
    if (!row.hasExtra[from] || row.hasExtra[to] || !row.mayHaveExtra[to]) return false
    const [giver, taker] = [row.racks[this.#rackOf[from]!]!, row.racks[this.#rackOf[to]!]!]
    return giver === taker || (giver.extras > giver.least && taker.extras < taker.most)
  }

  #countHops(row: Row, change: 1 | -1): void {
    for (let from = 0; from < this.#rackOf.length; from++) {
      if (!row.hasExtra[from]) continue
      for (let to = 0; to < this.#rackOf.length; to++) {
        if (this.#mayHand(row, from, to)) this.#hops[this.#hopAt(from, to, priceOf(row, from, to))]! += change
      }
    }
  }

  readonly #hopAt = (from: number, to: number, price: number): number =>
    (from * this.#rackOf.length + to) * prices.length + price + 1
}

/** Moves that a hand-over adds: one less, none, one more. */
const prices = [-1, 0, 1]
const priceOf = (row: Row, from: number, to: number): number => (row.saves[from] ? 1 : 0) - (row.saves[to] ? 1 : 0)
