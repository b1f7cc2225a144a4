/**
 * What each broker should carry of a number of replicas: the same everywhere, but as the racks permit. A rack of few brokers may
 * have to carry more each (every partition needs a replica there), or may carry less (two replicas must not share it).
 */
export type RackLimits = { brokers: number; least: number; most: number }

/** The share of each broker in each rack; shares of all brokers sum up to `total`. A fraction says: this, or one more. */
export function evenShares(total: number, racks: RackLimits[]): number[] {
  const shares = racks.map(() => 0)
  let open = racks.map((_, rack) => rack)
  let rest = total
  while (open.length > 0) {
    const level = rest / open.reduce((sum, rack) => sum + racks[rack]!.brokers, 0)
    const bound = boundAt(level, open, racks)
    for (const rack of open) shares[rack] = level
    for (const [rack, carried] of bound) {
      shares[rack] = carried / racks[rack]!.brokers
      rest -= carried
    }
    if (bound.size === 0) break
    open = open.filter((rack) => !bound.has(rack))
  }
  return shares
}

/** The racks that cannot be filled to this level, or not so little: whichever is further off settles first. */
function boundAt(level: number, open: number[], racks: RackLimits[]): Map<number, number> {
  const full = new Map<number, number>()
  const scant = new Map<number, number>()
  let excess = 0
  let shortage = 0
  for (const rack of open) {
    const { brokers, least, most } = racks[rack]!
    const carried = level * brokers
    if (carried > most) full.set(rack, most)
    if (carried < least) scant.set(rack, least)
    excess += Math.max(0, carried - most)
    shortage += Math.max(0, least - carried)
  }
  return excess >= shortage ? full : scant
}

/** Guards whole numbers that arithmetic left a hair off. */
const hair = 1e-9
export const wholeBelow = (share: number): number => Math.floor(share + hair)
export const wholeAbove = (share: number): number => Math.ceil(share - hair)
