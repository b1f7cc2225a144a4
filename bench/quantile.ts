/** The value below which the given share of the samples lies; of few samples it is one of them, never a guess in between. */
export function quantile(samples: number[], share: number): number {
  if (samples.length === 0) throw new Error('there are no samples')
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
}

export const median = (samples: number[]): number => quantile(samples, 0.5)
export const p99 = (samples: number[]): number => quantile(samples, 0.99)
