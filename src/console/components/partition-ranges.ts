/** Partitions in few words: `0–3, 7`. */
export function rangesOf(partitions: readonly number[]): string {
  const ranges: [first: number, last: number][] = []
  for (const partition of partitions.toSorted((one, other) => one - other)) {
    const open = ranges.at(-1)
    if (open && partition === open[1] + 1) open[1] = partition
    else ranges.push([partition, partition])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
}

/** As typed: `0-3, 7` or with a dash of print. Undefined: not understood. */
export function partitionsIn(text: string): number[] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const found = new Set<number>()
  for (const part of parts) {
    const [, first, last = first] = /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?$/.exec(part) ?? []
    if (first === undefined || Number(last) < Number(first)) return undefined
    for (let partition = Number(first); partition <= Number(last); partition++) found.add(partition)
  }
  return [...found]
}
