import { AppError, explainCause } from '../domain/errors.ts'
import type { MetricSample } from '../domain/metric-sample.ts'
import type { MetricsEndpoint } from './cluster.ts'
import { samplesIn } from './exposition.ts'

/** A node tells its metrics in a tenth of a second; one that takes this long tells nobody else either. */
const limitMs = 5_000

/** Ten thousand busy topics fit; more would be held in memory for nobody. */
const mostBytes = 32 * 2 ** 20

/** Throws `unavailable`: `Metrics.Refused` where nobody listens, `Metrics.Unreadable` otherwise. */
export async function scrape({ kafkaId, host, metricsPort }: MetricsEndpoint): Promise<MetricSample[]> {
  const where = `http://${host}:${metricsPort}/metrics`
  try {
    const answer = await fetch(where, { signal: AbortSignal.timeout(limitMs), redirect: 'error' })
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    const samples = samplesIn(await textOf(answer))
    if (samples.length === 0) throw new Error('something else answers there')
    return samples
  } catch (thrown) {
    const cause = explainCause(thrown)
    const isRefused = cause.includes('ECONNREFUSED')
    const why = isRefused ? 'nobody listens there' : cause.replace(/^fetch failed: /, '')
    const message = `The metrics of node ${kafkaId} at ${host}:${metricsPort} cannot be read: ${why}.`
    throw new AppError('unavailable', isRefused ? 'Metrics.Refused' : 'Metrics.Unreadable', message, { cause: thrown })
  }
}

async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > mostBytes) throw new Error(`it tells more than ${mostBytes / 2 ** 20} MiB`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
