/**
 * AKU, the unit of capacity: 30 MiB/s written or 60 MiB/s read. An Instance has at least three nodes, because every
 * record is kept three times.
 */
export const akuLimits = { least: 3, most: 500 } as const
export const mibPerSecondPerAku = { write: 30, read: 60 } as const
export const leastNodes = 3

/** Where nodes are counted instead. */
export const nodeCountLimits = { least: leastNodes, most: 100 } as const

/** How many nodes of a type that carries `akuPerNode` an Instance of `aku` needs. */
export const nodesForAku = (aku: number, akuPerNode: number): number =>
  Math.max(leastNodes, Math.ceil(aku / akuPerNode))

/** What the AKU promise, in MiB/s: all of it written, or all of it read. */
export const throughputOf = (aku: number) => ({
  writeMibPerSecond: aku * mibPerSecondPerAku.write,
  readMibPerSecond: aku * mibPerSecondPerAku.read,
})

export const akuProblem = (aku: number): string | undefined => amountProblem('AKU', aku, akuLimits)

export const nodeCountProblem = (count: number): string | undefined =>
  amountProblem('The number of nodes', count, nodeCountLimits)

function amountProblem(what: string, amount: number, { least, most }: { least: number; most: number }) {
  const isRight = Number.isInteger(amount) && amount >= least && amount <= most
  return isRight ? undefined : `${what} is a whole number from ${least} to ${most}; this is ${amount}.`
}
