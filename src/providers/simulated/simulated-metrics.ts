import type { MetricSample } from '../../domain/metric-sample.ts'
import type { NodeSpec } from '../provider.ts'
import type { Holdings } from './simulated-holdings.ts'
import { seedOf, type SimulatedNode } from './simulated-node.ts'

/**
 * What a simulated node tells: counters of a traffic that rises and falls over the minutes, as large as its Instance seems to
 * be. A function of its start and the clock alone, so that a restart begins from nothing, and thirty thousand nodes cost nothing.
 */
export function simulatedSamples(
  { spec, startedAt }: SimulatedNode,
  holdings: Holdings,
  nowMs: number,
): MetricSample[] {
  const seconds = Math.max(0, (nowMs - startedAt) / 1000)
  const topics = [...holdings.topics.values()]
  const bytesIn = grownBy(spec, seconds)
  const sample = (name: string, value: number, labels: Record<string, string> = {}) => ({ name, labels, value })
  return [
    sample('kafka_server_brokertopicmetrics_bytesin_total', bytesIn),
    sample('kafka_server_brokertopicmetrics_bytesout_total', Math.floor(bytesIn * 1.6)),
    sample('kafka_server_brokertopicmetrics_messagesin_total', Math.floor(bytesIn / recordBytes)),
    ...topics.map(({ name }) =>
      sample('kafka_server_brokertopicmetrics_bytesin_total', Math.floor(bytesIn / topics.length), { topic: name }),
    ),
    sample('kafka_network_requestmetrics_requests_total', Math.floor(bytesIn / requestBytes), { request: 'Produce' }),
    sample('kafka_network_requestmetrics_requests_total', Math.floor(bytesIn / requestBytes), {
      request: 'FetchConsumer',
    }),
    sample('kafka_server_kafkaserver_brokerstate', 3),
  ]
}

const recordBytes = 800
const requestBytes = 16_384
const mebibyte = 2 ** 20
/** From one crest of the traffic to the next. */
const waveSeconds = 1_200

/** How long the traffic stays as it is: numbers that change at every look would be written at every look, by thousands. */
const stepSeconds = 150

/** The bytes since the start: a base of up to 3 MiB/s with a wave over it of half its height, in steps; never falling. */
function grownBy({ instanceId, kafkaId }: NodeSpec, seconds: number): number {
  const seed = seedOf(`${instanceId}/${kafkaId}`)
  const base = (0.2 + (seed % 280) / 100) * mebibyte
  const phase = (seedOf(instanceId) % 360) * (Math.PI / 180)
  const begun = Math.floor(seconds / stepSeconds) * stepSeconds
  const [before, after] = [smoothly(begun, phase), smoothly(begun + stepSeconds, phase)]
  return Math.floor(base * (before + ((after - before) * (seconds - begun)) / stepSeconds))
}

/** The integral of a base of 1 with a wave of half of it. */
function smoothly(seconds: number, phase: number): number {
  const turns = (2 * Math.PI) / waveSeconds
  return seconds + (0.5 / turns) * (Math.cos(phase) - Math.cos(turns * seconds + phase))
}
