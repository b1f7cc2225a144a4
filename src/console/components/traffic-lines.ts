import type { StatisticsHistory } from '../api-metrics.ts'

type Point = StatisticsHistory['points'][number]
export type TrafficField = 'bytesInPerSecond' | 'bytesOutPerSecond' | 'requestsInPerSecond'

/** The history on an even grid of times: a stretch of which nothing is known is a gap, not a line across it. */
export function gridOf({ from, to, everySeconds, points }: StatisticsHistory) {
  const first = Math.ceil(Date.parse(from) / 1000 / everySeconds)
  const last = Math.floor(Date.parse(to) / 1000 / everySeconds)
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  const known = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / 1000 / everySeconds), point]))
  return {
    times: indices.map((index) => index * everySeconds),
    valuesOf: (field: TrafficField) => indices.map((index) => known.get(index)?.[field] ?? null),
  }
}

/** What a chart shows, in a sentence. */
export function lineWords(label: string, values: (number | null)[], format: (value: number) => string): string {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return `${label}: not known yet.`
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return `${label}: ${format(known.at(-1)!)} at last, between ${format(least)} and ${format(most)}.`
}

export const hasTraffic = (points: Point[]): boolean => points.some(({ bytesInPerSecond }) => bytesInPerSecond !== null)
