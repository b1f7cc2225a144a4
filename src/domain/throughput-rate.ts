import type { MetricSample } from './metric-sample.ts'
import { isInternalTopic } from './topic.ts'

/**
 * How much clients write to and read from an Instance, from counters that its nodes have kept since they started. Copies between
 * nodes and what nodes ask each other are no traffic of clients and are not counted.
 */
export type TrafficCounters = { bytesIn: number; bytesOut: number; requests: number }

/** What the nodes that answered told, by Kafka id. Milliseconds since 1970. */
export type TrafficReading = { at: number; counters: Map<number, TrafficCounters> }

export type TrafficRates = { bytesInPerSecond: number; bytesOutPerSecond: number; requestsInPerSecond: number }

const bytesIn = 'kafka_server_brokertopicmetrics_bytesin_total'
const bytesOut = 'kafka_server_brokertopicmetrics_bytesout_total'
const requests = 'kafka_network_requestmetrics_requests_total'

export function trafficCounters(samples: MetricSample[]): TrafficCounters {
  const counters = { bytesIn: 0, bytesOut: 0, requests: 0 }
  for (const { name, labels, value } of samples) {
    if (name === bytesIn) counters.bytesIn += ofClients(labels.topic, value)
    else if (name === bytesOut) counters.bytesOut += ofClients(labels.topic, value)
    else if (name === requests && isOfClients(labels.request)) counters.requests += value
  }
  return counters
}

/** The line without a topic is of all topics, also of those that are gone; what Kafka and Millrace keep for themselves goes off. */
const ofClients = (topic: string | undefined, value: number): number =>
  topic === undefined ? value : isInternalTopic(topic) ? -value : 0

const isOfClients = (request: string | undefined): boolean => request === 'Produce' || request === 'FetchConsumer'

/**
 * Per second between two readings; null while nobody can say: before the second reading, or when no node answered. A node that
 * has restarted counts from nothing again. One that was not there before counts from the next reading on.
 */
export function trafficRates(before: TrafficReading | undefined, after: TrafficReading): TrafficRates | null {
  const seconds = before ? (after.at - before.at) / 1000 : 0
  if (!before || seconds <= 0) return null
  const both = [...after.counters].flatMap(([kafkaId, now]) => {
    const earlier = before.counters.get(kafkaId)
    return earlier ? [{ now, earlier }] : []
  })
  if (both.length === 0) return null
  const perSecond = (key: keyof TrafficCounters) =>
    significant(both.reduce((sum, { now, earlier }) => sum + grown(earlier[key], now[key]), 0) / seconds)
  return {
    bytesInPerSecond: perSecond('bytesIn'),
    bytesOutPerSecond: perSecond('bytesOut'),
    requestsInPerSecond: perSecond('requests'),
  }
}

const grown = (earlier: number, now: number): number => (now < earlier ? now : now - earlier)

/** Three digits: more would be noise, and every new digit is a write. */
const significant = (value: number): number => Number(value.toPrecision(3))
