import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instanceHealth } from './health.ts'
import type { Observation, PartitionState } from './observation.ts'
import { caughtUpWithin, judgeHealth } from './rolling.ts'

const expected = { brokers: [1, 2, 3], voters: [1, 2, 3] }

const partition = (inSync: number[], more: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'orders',
  partition: 0,
  leader: inSync[0] ?? -1,
  replicas: [1, 2, 3],
  inSync,
  ...more,
})

const views = (sees: Record<number, number[] | null>): Observation['views'] =>
  Object.entries(sees).map(([id, seen]) => ({
    kafkaId: Number(id),
    sees: seen,
    problem: seen ? null : 'connection refused',
  }))

const all = [1, 2, 3]
const serving: Observation = {
  views: views({ 1: all, 2: all, 3: all }),
  partitions: [partition(all)],
  quorum: { leaderId: 1, voters: all.map((kafkaId) => ({ kafkaId, lag: 0 })) },
}

const quorum = (lag: Record<number, number>, leaderId = 1): Observation['quorum'] => ({
  leaderId,
  voters: Object.entries(lag).map(([id, behind]) => ({ kafkaId: Number(id), lag: behind })),
})

type Case = { name: string; seen: Partial<Observation>; why?: RegExp; health: 'healthy' | 'degraded' | 'down' }

/** After Strimzi's lists for availability and quorum: each thing that can be wrong, at, below and above its limit. */
const cases: Case[] = [
  { name: 'all answer, are seen, in sync and caught up', seen: {}, health: 'healthy' },
  { name: 'there are no partitions yet', seen: { partitions: [] }, health: 'healthy' },
  { name: 'every other node leads', seen: { quorum: quorum({ 1: 0, 2: 0, 3: 0 }, 3) }, health: 'healthy' },
  {
    name: 'a broker does not answer',
    seen: { views: views({ 1: [1, 3], 2: null, 3: [1, 3] }) },
    why: /^2 of 3 nodes answer; waiting for node 2 \(connection refused\)$/,
    health: 'degraded',
  },
  {
    name: 'two brokers do not answer',
    seen: { views: views({ 1: [1], 2: null, 3: null }) },
    why: /^1 of 3 nodes answer; waiting for node 2, 3/,
    health: 'degraded',
  },
  {
    name: 'no broker answers',
    seen: { views: views({ 1: null, 2: null, 3: null }), partitions: [], quorum: null },
    why: /^0 of 3 nodes answer; waiting for node 1, 2, 3/,
    health: 'down',
  },
  {
    name: 'a broker was not even asked',
    seen: { views: views({ 1: all, 2: all }) },
    why: /^2 of 3 nodes answer; waiting for node 3$/,
    health: 'degraded',
  },
  {
    name: 'a broker answers but only it sees itself',
    seen: { views: views({ 1: [1, 2], 2: [1, 2], 3: all }) },
    why: /^node 3 answers but is not yet seen by the other brokers$/,
    health: 'degraded',
  },
  {
    name: 'one other broker has seen it',
    seen: { views: views({ 1: [1, 2], 2: all, 3: all }) },
    health: 'healthy',
  },
  { name: 'nobody knows the quorum', seen: { quorum: null }, why: /has no leader yet/, health: 'down' },
  {
    name: 'the quorum has no leader',
    seen: { quorum: quorum({ 1: 0, 2: 0, 3: 0 }, -1) },
    why: /has no leader yet/,
    health: 'down',
  },
  {
    name: 'a controller is not a voter yet',
    seen: { quorum: quorum({ 1: 0, 2: 0 }) },
    why: /^node 3 is not a voter of the controller quorum yet$/,
    health: 'degraded',
  },
  {
    name: 'a voter lags as far as counts as caught up',
    seen: { quorum: quorum({ 1: 0, 2: caughtUpWithin, 3: 0 }) },
    health: 'healthy',
  },
  {
    name: 'a voter lags one record more',
    seen: { quorum: quorum({ 1: 0, 2: caughtUpWithin + 1, 3: 0 }) },
    why: /^node 2 is 51 records behind in the controller quorum$/,
    health: 'degraded',
  },
  {
    name: 'a voter more than expected lags',
    seen: { quorum: quorum({ 1: 0, 2: 0, 3: 0, 9: 5_000 }) },
    health: 'healthy',
  },
  {
    name: 'a partition misses one replica',
    seen: { partitions: [partition(all), partition([1, 3], { partition: 7 })] },
    why: /^1 of 2 partitions miss a replica, the first being partition 7 of topic orders$/,
    health: 'degraded',
  },
  {
    name: 'a partition is left with its leader alone',
    seen: { partitions: [partition([2])] },
    why: /^1 of 1 partitions miss a replica/,
    health: 'degraded',
  },
  {
    name: 'a topic has fewer replicas than nodes, all in sync',
    seen: { partitions: [partition([2], { replicas: [2] }), partition([3, 1], { replicas: [1, 3] })] },
    health: 'healthy',
  },
  {
    name: 'a partition has no leader',
    seen: { partitions: [partition([1, 2]), partition([1], { partition: 4, leader: -1, replicas: [1] })] },
    why: /^partition 4 of topic orders has no leader$/,
    health: 'down',
  },
]

describe('the judgement on a cluster', () => {
  for (const { name, seen, why, health } of cases) {
    test(`is ${health} when ${name}`, () => {
      const observation = { ...serving, ...seen }
      const judgement = judgeHealth(observation, expected)
      const overall = instanceHealth(observation, expected)
      assert.equal(overall.health, health)
      assert.equal(judgement.healthy, !why)
      if (judgement.healthy) return assert.equal(overall.reason, null)
      assert.match(judgement.why, why!)
      assert.equal(overall.reason, judgement.why)
    })
  }

  test('takes the word of a broker that is alone', () => {
    const alone = { views: views({ 1: [1] }), partitions: [], quorum: quorum({ 1: 0 }) }
    assert.deepEqual(judgeHealth(alone, { brokers: [1], voters: [1] }), { healthy: true })
  })

  test('does not take the word of a node that is no longer asked for', () => {
    const observation = { ...serving, views: views({ 1: [1, 2], 2: [1, 2], 3: [3] }) }
    assert.ok(!judgeHealth(observation, expected).healthy)
  })

  test('is down while no broker answers, though the last words of the quorum were good', () => {
    const observation = { ...serving, views: views({ 1: null, 2: null, 3: null }) }
    assert.equal(instanceHealth(observation, expected).health, 'down')
  })
})
