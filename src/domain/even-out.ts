/**
 * Evens a count over brokers by the fewest hand-overs: from the one that has the most, along a shortest way, to one that has
 * at least two fewer; until no such way is left. Each hand-over makes the whole more even, so it comes to an end.
 */
export type Evening<T> = {
  brokers: number[]
  of(broker: number): number
  /** Something on `from` that may go to `to`; nothing when nothing may. */
  find(from: number, to: number): T | undefined
  move(item: T, way: { from: number; to: number }): void
}

export function evenOut<T>(evening: Evening<T>): void {
  for (let way = wayOut(evening); way; way = wayOut(evening)) {
    // From the far end: what each hand-over needs is looked up when it happens.
    for (const [from, to] of way.toReversed()) {
      const item = evening.find(from, to)
      if (item === undefined) return
      evening.move(item, { from, to })
    }
  }
}

type Hop = [from: number, to: number]

function wayOut<T>(evening: Evening<T>): Hop[] | undefined {
  const { brokers, of } = evening
  const least = Math.min(...brokers.map(of))
  const sources = brokers.filter((id) => of(id) >= least + 2).toSorted((a, b) => of(b) - of(a) || a - b)
  for (const source of sources) {
    const way = shortestWay(evening, source)
    if (way) return way
  }
  return undefined
}

function shortestWay<T>({ brokers, of, find }: Evening<T>, source: number): Hop[] | undefined {
  const cameFrom = new Map<number, number>([[source, source]])
  const emptiestFirst = brokers.toSorted((a, b) => of(a) - of(b) || a - b)
  for (const from of growing([source], cameFrom)) {
    for (const to of emptiestFirst) {
      if (cameFrom.has(to) || find(from, to) === undefined) continue
      cameFrom.set(to, from)
      if (of(to) <= of(source) - 2) return hopsTo(to, cameFrom)
    }
  }
  return undefined
}

/** The brokers reached so far, in the order they were reached, those that are reached meanwhile too. */
function* growing(first: number[], reached: Map<number, number>): Generator<number> {
  yield* first
  for (const broker of reached.keys()) if (!first.includes(broker)) yield broker
}

function hopsTo(end: number, cameFrom: Map<number, number>): Hop[] {
  const hops: Hop[] = []
  for (let to = end; cameFrom.get(to) !== to; to = cameFrom.get(to)!) hops.unshift([cameFrom.get(to)!, to])
  return hops
}
