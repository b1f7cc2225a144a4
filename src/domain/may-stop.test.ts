import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { mayStop, topicsAtRisk, type Evidence } from './may-stop.ts'
import type { Observation, PartitionState } from './observation.ts'
import { caughtUpWithin } from './rolling.ts'

const three = [1, 2, 3]

const partition = (inSync: number[], more: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'orders',
  partition: 0,
  leader: inSync[0] ?? -1,
  replicas: three,
  inSync,
  ...more,
})

const quorumOf = (lags: number[], leaderId = 1): Observation['quorum'] => ({
  leaderId,
  voters: lags.map((lag, index) => ({ kafkaId: index + 1, lag })),
})

type Scene = {
  partitions?: PartitionState[]
  minInSync?: Record<string, number>
  quorum?: Observation['quorum']
  silent?: number[]
}

function evidence({
  partitions = [],
  minInSync = { orders: 2 },
  quorum = quorumOf([0, 0, 0]),
  silent = [],
}: Scene): Evidence {
  const views = three.map((kafkaId) =>
    silent.includes(kafkaId) ? { kafkaId, sees: null, problem: 'timed out' } : { kafkaId, sees: three, problem: null },
  )
  return {
    observation: { views, partitions, quorum },
    minInSync: new Map(Object.entries(minInSync)),
    expected: { brokers: three, voters: three },
  }
}

type Case = { name: string; scene: Scene; leaving: number[]; accept?: boolean; why?: RegExp }

/** The situations that Strimzi's availability and roller tests name. */
const ofPartitions: Case[] = [
  { name: 'there are no partitions', scene: {}, leaving: [1] },
  { name: 'in-sync replicas are above the minimum', scene: { partitions: [partition(three)] }, leaving: [1] },
  {
    name: 'in-sync replicas are at the minimum, and it is one of them',
    scene: { partitions: [partition([1, 2])] },
    leaving: [1],
    why: /^without node 1, partition 0 of topic orders would have 1 of its 3 replicas in sync, and needs 2$/,
  },
  {
    name: 'in-sync replicas are at the minimum, and it is not one of them',
    scene: { partitions: [partition([1, 2])] },
    leaving: [3],
  },
  {
    name: 'a partition is below its minimum already, and it is in sync there',
    scene: { partitions: [partition([1])] },
    leaving: [1],
    why: /would have 0 of its 3 replicas in sync, and needs 2/,
  },
  {
    name: 'a partition is below its minimum already, and it is out of sync there',
    scene: { partitions: [partition([1])] },
    leaving: [2],
  },
  {
    name: 'a partition of other nodes is below its minimum',
    scene: { partitions: [partition([4], { replicas: [4, 5, 6] })] },
    leaving: [1],
  },
  {
    name: 'only the leader is left, and one replica would do',
    scene: { partitions: [partition([2])], minInSync: { orders: 1 } },
    leaving: [2],
    why: /would have 0 of its 3 replicas in sync, and needs 1/,
  },
  {
    name: 'nobody said how many must be in sync, and one more is',
    scene: { partitions: [partition([1, 2])], minInSync: {} },
    leaving: [1],
  },
  {
    name: 'nobody said how many must be in sync, and it is the last',
    scene: { partitions: [partition([1])], minInSync: {} },
    leaving: [1],
    why: /needs 1$/,
  },
  {
    name: 'none need be in sync, and it is the last',
    scene: { partitions: [partition([1])], minInSync: { orders: 0 } },
    leaving: [1],
    why: /needs 1$/,
  },
  {
    name: 'several partitions forbid it: the one with the least left is named',
    scene: { partitions: [partition([1, 2]), partition([1], { partition: 7 }), partition(three, { partition: 8 })] },
    leaving: [1],
    why: /^without node 1, 2 partitions would have too few replicas in sync, the tightest being partition 7 of topic orders/,
  },
  {
    name: 'two may be spared one by one, but not together',
    scene: { partitions: [partition(three)], minInSync: { orders: 1 }, quorum: quorumOf(Array(7).fill(0)) },
    leaving: three,
    why: /^without node 1, 2, 3, partition 0/,
  },
  {
    name: 'a replica counts as in sync whose broker does not answer',
    scene: { partitions: [partition(three)], silent: [3], quorum: quorumOf([0, 0, 0, 0, 0]) },
    leaving: [1],
    why: /would have 1 of its 3 replicas in sync, and needs 2 \(node 3 does not answer\)$/,
  },
  {
    name: 'the topic has as many replicas as must be in sync',
    scene: { partitions: [partition([1, 2], { replicas: [1, 2] })] },
    leaving: [1],
    why: /no restart can spare this topic$/,
  },
  {
    name: 'the topic has one replica',
    scene: { partitions: [partition([1], { replicas: [1] })], minInSync: {} },
    leaving: [1],
    why: /no restart can spare this topic$/,
  },
  {
    name: 'the topic has as many replicas as must be in sync, and that was accepted',
    scene: { partitions: [partition([1, 2], { replicas: [1, 2] })] },
    leaving: [1],
    accept: true,
  },
  {
    name: 'the topic has one replica, and that was accepted',
    scene: { partitions: [partition([1], { replicas: [1] })], minInSync: {} },
    leaving: [1],
    accept: true,
  },
  {
    name: 'the risk was accepted, but the other replica is missing and may come back',
    scene: { partitions: [partition([1], { replicas: [1, 2] })] },
    leaving: [1],
    accept: true,
    why: /would have 0 of its 2 replicas in sync, and needs 1$/,
  },
  {
    name: 'the risk of one topic was accepted, and another forbids it',
    scene: {
      partitions: [partition([1], { topic: 'lone', replicas: [1] }), partition([1, 2])],
      minInSync: { orders: 2, lone: 1 },
    },
    leaving: [1],
    accept: true,
    why: /partition 0 of topic orders/,
  },
]

/** After Strimzi's tests of the quorum check, by the lag that we measure it with. */
const behind = caughtUpWithin + 1
const ofQuorum: Case[] = [
  { name: 'it leads the quorum, and both others have caught up', scene: {}, leaving: [1] },
  { name: 'the quorum has four voters, all caught up', scene: { quorum: quorumOf([0, 0, 0, 0]) }, leaving: [1] },
  {
    name: 'it leads the quorum, and one of two others lags',
    scene: { quorum: quorumOf([0, behind, 0]) },
    leaving: [1],
    why: /^without node 1, 1 of 3 controllers would be left that have caught up, and the quorum needs 2$/,
  },
  {
    name: 'another voter lags as far as counts as caught up',
    scene: { quorum: quorumOf([0, caughtUpWithin, 0]) },
    leaving: [1],
  },
  {
    name: 'one of four voters lags, and it is another',
    scene: { quorum: quorumOf([0, behind, 0, 0]) },
    leaving: [1],
    why: /2 of 4 controllers.*needs 3/,
  },
  { name: 'it is the voter that lags', scene: { quorum: quorumOf([0, behind, 0]) }, leaving: [2] },
  {
    name: 'it follows, and another follower lags',
    scene: { quorum: quorumOf([0, behind, 0]) },
    leaving: [3],
    why: /1 of 3 controllers/,
  },
  {
    name: 'it is no voter, and no majority has caught up',
    scene: { quorum: quorumOf([0, behind, behind]) },
    leaving: [4],
    why: /1 of 3 controllers/,
  },
  {
    name: 'the quorum has no leader',
    scene: { quorum: quorumOf([0, 0, 0], -1) },
    leaving: [2],
    why: /^the controller quorum has no leader$/,
  },
  { name: 'nobody can tell of the quorum', scene: { quorum: null }, leaving: [2], why: /cannot be seen/ },
  {
    name: 'another voter had caught up, but does not answer',
    scene: { silent: [3] },
    leaving: [2],
    why: /1 of 3 controllers/,
  },
  {
    name: 'two of three voters would be away',
    scene: {},
    leaving: [2, 3],
    why: /^without node 2, 3, 1 of 3 controllers/,
  },
  { name: 'two of five voters would be away', scene: { quorum: quorumOf([0, 0, 0, 0, 0]) }, leaving: [2, 3] },
]

describe('whether a node may stop', () => {
  for (const { name, scene, leaving, accept, why } of [...ofPartitions, ...ofQuorum]) {
    test(`${why ? 'no' : 'yes'}, when ${name}`, () => {
      const answer = mayStop(evidence(scene), leaving, { acceptTopicsAtRisk: accept === true })
      assert.equal(answer.allowed, !why, answer.why ?? 'allowed')
      if (why) assert.match(answer.why!, why)
      else assert.equal(answer.why, null)
    })
  }

  test('reports what it looked at, the tightest partition and the quorum', () => {
    const partitions = [partition(three), partition([1, 2], { partition: 4 }), partition([3], { partition: 5 })]
    const { report } = mayStop(evidence({ partitions, quorum: quorumOf([0, 7, behind]) }), [1])
    assert.deepEqual(report, {
      partitionsExamined: 3,
      tightest: { topic: 'orders', partition: 4, spare: -1 },
      quorum: { voters: 3, caughtUp: 2, largestLag: behind },
    })
  })

  test('reports nothing tight for a node without replicas', () =>
    assert.equal(
      mayStop(evidence({ partitions: [partition([1, 2], { replicas: [1, 2] })] }), [3]).report.tightest,
      null,
    ))

  test('never lets a partition fall below its minimum, whatever the layout', () => {
    const inSync = fc.subarray(three, { minLength: 1 })
    const states = fc.array(
      inSync.map((ids) => partition(ids)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(states, fc.subarray(three), fc.integer({ min: 1, max: 3 }), (partitions, leaving, least) => {
        const scene = evidence({ partitions, minInSync: { orders: least }, quorum: quorumOf(Array(9).fill(0)) })
        const isHarmed = partitions.some(
          ({ inSync: ids }) =>
            ids.some((id) => leaving.includes(id)) && ids.filter((id) => !leaving.includes(id)).length < least,
        )
        assert.equal(mayStop(scene, leaving).allowed, !isHarmed)
      }),
    )
  })
})

describe('topics at risk', () => {
  test('are those with one replica, and those that need all of theirs, each named once', () => {
    const partitions = [
      partition(three),
      partition([1, 2], { topic: 'pair', replicas: [1, 2] }),
      partition([2, 3], { topic: 'pair', partition: 1, replicas: [2, 3] }),
      partition([1], { topic: 'lone', replicas: [1] }),
      partition([1, 2], { topic: 'fine', replicas: [1, 2] }),
    ]
    const { observation, minInSync } = evidence({ partitions, minInSync: { orders: 2, pair: 2, fine: 1 } })
    assert.deepEqual(
      topicsAtRisk(observation, minInSync).map(({ topic, replicas, minInSync: least }) => ({ topic, replicas, least })),
      [
        { topic: 'lone', replicas: 1, least: 1 },
        { topic: 'pair', replicas: 2, least: 2 },
      ],
    )
  })
})
