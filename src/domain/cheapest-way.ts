/**
 * The cheapest way over a handful of places, by hops that each have a price (one may be negative: it pays back). Among ways of
 * one price the shortest; among those the first, so that the same question has the same answer.
 */
export type WayQuestion = {
  /** Places are numbered from 0. */
  places: number
  isSource(place: number): boolean
  isSink(place: number): boolean
  /** `Infinity`: there is no such hop. */
  price(from: number, to: number): number
  /** No hop costs less. */
  leastPrice: number
}

/** Longer ways are never needed in practice; the limit bounds the work. */
const mostHops = 6

/** The places along it, source and sink included; null: no sink can be reached. */
export function cheapestWay(question: WayQuestion): number[] | null {
  const { places, isSource, isSink } = question
  let costs = Array.from({ length: places }, (_, place) => (isSource(place) ? 0 : Infinity))
  const cameFrom: number[][] = []
  let best: { way: number[]; cost: number } | null = null
  for (let hops = 1; hops <= mostHops; hops++) {
    const { reached, from } = oneHopOn(costs, question)
    cameFrom.push(from)
    costs = reached
    for (let sink = 0; sink < places; sink++) {
      if (costs[sink]! >= (best?.cost ?? Infinity) || !isSink(sink)) continue
      const way = wayTo(sink, cameFrom)
      if (new Set(way).size === way.length) best = { way, cost: costs[sink]! }
    }
    // Nothing is better than free: a way that paid back on the whole would have been taken before there was need of it.
    if (best && best.cost <= 0) break
  }
  return best?.way ?? null
}

type Hop = { reached: number[]; from: number[] }

function oneHopOn(costs: number[], { price, leastPrice }: WayQuestion): Hop {
  const reached = costs.map(() => Infinity)
  const from = costs.map(() => -1)
  for (const [place, cost] of costs.entries()) {
    if (cost === Infinity) continue
    for (let to = 0; to < costs.length; to++) {
      if (to === place || cost + leastPrice >= reached[to]!) continue
      const sum = cost + price(place, to)
      if (sum >= reached[to]!) continue
      reached[to] = sum
      from[to] = place
    }
  }
  return { reached, from }
}

function wayTo(sink: number, cameFrom: number[][]): number[] {
  const way = [sink]
  for (const from of cameFrom.toReversed()) way.unshift(from[way[0]!]!)
  return way
}
