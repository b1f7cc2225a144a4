/**
 * One thing that Millrace promises in numbers. Each figure has a file in `figures/`, makes all it needs, measures, and takes
 * everything away again, so that it can be run alone or with the others.
 */
export type Figure = {
  name: string
  /** What is measured, for the table. */
  what: string
  mustReach: string
  /** It is given up after this long. */
  limitSeconds: number
  measure(): Promise<Measured>
}

export type Measured = {
  /** For the table. */
  value: string
  met: boolean
  /** What else was seen on the way. */
  notes: string[]
}

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
