import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { trafficCounters, trafficRates, type TrafficReading } from './throughput-rate.ts'

const reading = (second: number, ...nodes: [number, number, number, number][]): TrafficReading => ({
  at: second * 1000,
  counters: new Map(nodes.map(([id, bytesIn, bytesOut, requests]) => [id, { bytesIn, bytesOut, requests }])),
})

describe('counters of clients', () => {
  test('count the topics of the team once, and no request of a node', () => {
    const total = 'kafka_server_brokertopicmetrics_bytesin_total'
    const requests = 'kafka_network_requestmetrics_requests_total'
    const counters = trafficCounters([
      { name: total, labels: {}, value: 100 },
      { name: total, labels: { topic: 'orders' }, value: 60 },
      { name: total, labels: { topic: '__consumer_offsets' }, value: 15 },
      { name: requests, labels: { request: 'Produce', version: '11' }, value: 3 },
      { name: requests, labels: { request: 'Produce', version: '9' }, value: 4 },
      { name: requests, labels: { request: 'FetchConsumer', version: '17' }, value: 5 },
      { name: requests, labels: { request: 'FetchFollower', version: '17' }, value: 1_000 },
      { name: 'kafka_server_brokertopicmetrics_bytesout_total', labels: {}, value: 7 },
    ])
    assert.deepEqual(counters, { bytesIn: 85, bytesOut: 7, requests: 12 })
  })
})

describe('rates', () => {
  const before = reading(10, [1, 100, 50, 10], [2, 1_000, 0, 0])
  const cases: { name: string; after: TrafficReading; bytesIn: number | null }[] = [
    { name: 'add up over the nodes', after: reading(20, [1, 200, 50, 10], [2, 1_500, 0, 0]), bytesIn: 60 },
    {
      name: 'begin from nothing where a node restarted',
      after: reading(20, [1, 40, 0, 0], [2, 1_000, 0, 0]),
      bytesIn: 4,
    },
    {
      name: 'leave out a node that was not there before',
      after: reading(20, [1, 200, 50, 10], [3, 9_999, 0, 0]),
      bytesIn: 10,
    },
    { name: 'leave out a node that does not answer', after: reading(20, [2, 1_200, 0, 0]), bytesIn: 20 },
    { name: 'are unknown when no node answers', after: reading(20), bytesIn: null },
    { name: 'are unknown when no time has passed', after: reading(10, [1, 200, 50, 10]), bytesIn: null },
    { name: 'have three digits', after: reading(13, [1, 100, 50, 10], [2, 13_345, 0, 0]), bytesIn: 4_120 },
  ]
  for (const { name, after, bytesIn } of cases) {
    test(name, () => assert.equal(trafficRates(before, after)?.bytesInPerSecond ?? null, bytesIn))
  }

  test('are unknown at the first reading', () => assert.equal(trafficRates(undefined, before), null))
})
