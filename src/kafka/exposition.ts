import type { MetricSample } from '../domain/metric-sample.ts'

/**
 * Reads the text in which exporters tell their metrics (Prometheus exposition format 0.0.4). Comments are left out, and values
 * that are no number: a metric that has none now says nothing.
 */
export function samplesIn(text: string): MetricSample[] {
  const samples: MetricSample[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const sample = sampleIn(line)
    if (sample) samples.push(sample)
  }
  return samples
}

const withoutLabels = /^(?<name>[a-zA-Z_:][\w:]*)\s+(?<value>\S+)/
const withLabels = /^(?<name>[a-zA-Z_:][\w:]*)\{(?<labels>.*)\}\s+(?<value>\S+)/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

function sampleIn(line: string): MetricSample | undefined {
  const { name, value, labels = '' } = (withoutLabels.exec(line) ?? withLabels.exec(line))?.groups ?? {}
  if (name === undefined || value === undefined) return undefined
  const number = numberOf(value)
  return Number.isNaN(number) ? undefined : { name, labels: labelsOf(labels), value: number }
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(label)].map(([, name, value]) => [name!, unescaped(value!)]))

const escapes: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' }

const unescaped = (value: string): string =>
  value.includes('\\') ? value.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole) : value

const numberOf = (text: string): number =>
  text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : text === '' ? NaN : Number(text)
