import type { Instance, InstanceStatistics } from '../domain/instance.ts'
import type { MetricSample } from '../domain/metric-sample.ts'
import { missedLooks } from '../domain/metrics-delivery.ts'
import { sentLabels } from '../domain/metrics-exporter.ts'
import { encodeSeries, type Series } from '../metrics/write-request.ts'
import type { NewParcel } from '../store/metrics-parcels.ts'
import type { NodeMetrics } from './read-metrics.ts'

export type Packing = {
  instance: Instance
  metrics: NodeMetrics
  statistics: InstanceStatistics | undefined
  at: Date
  /** Between two looks. */
  everyMs: number
}

/**
 * What one look brought, as it is sent: all that the nodes told, `up` of every node as Prometheus itself has it, and what
 * Millrace counts of the Instance. Undefined where nobody wants it.
 */
export function parcelFrom({ instance, metrics, statistics, at, everyMs }: Packing): NewParcel | undefined {
  const exporter = instance.features.metricsExporter?.prometheus
  if (!exporter) return undefined
  const given = exporter.labels ?? []
  const seriesOf = (kafkaId: number | null, samples: MetricSample[]): Series[] =>
    samples.map((sample) => ({
      labels: sentLabels(sample, { instance, kafkaId, given }),
      value: sample.value,
      timestampMs: at.getTime(),
    }))
  const series = [
    ...metrics.asked.flatMap((kafkaId) => {
      const told = metrics.nodes.find((node) => node.kafkaId === kafkaId)?.samples
      return seriesOf(kafkaId, [{ name: 'up', labels: {}, value: told ? 1 : 0 }, ...(told ?? [])])
    }),
    ...seriesOf(null, countsOf(statistics)),
  ]
  const samplesPerMinute = Math.round((series.length * 60_000) / everyMs)
  const nextDueAt = new Date(at.getTime() + missedLooks * everyMs)
  return { id: instance.id, at, samples: series.length, samplesPerMinute, nextDueAt, body: encodeSeries(series) }
}

function countsOf(statistics: InstanceStatistics | undefined): MetricSample[] {
  if (!statistics) return []
  const { topicCount, partitionCount, consumerGroupCount, storageSize } = statistics
  const values = {
    millrace_topics: topicCount,
    millrace_partitions: partitionCount,
    millrace_consumer_groups: consumerGroupCount,
    millrace_storage_bytes: storageSize,
  }
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, labels: {}, value }]))
}
