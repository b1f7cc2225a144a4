import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lossOf, type LossReport } from './loss.ts'
import type { Evidence } from './may-stop.ts'
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

type Scene = { partitions: PartitionState[]; lags?: number[]; silent?: number[]; quorum?: Observation['quorum'] }

function evidence({ partitions, lags = [0, 0, 0], silent = [], quorum }: Scene): Evidence {
  const voters = lags.map((lag, index) => ({ kafkaId: index + 1, lag }))
  const views = three.map((kafkaId) => ({ kafkaId, sees: silent.includes(kafkaId) ? null : three, problem: null }))
  return {
    observation: { views, partitions, quorum: quorum === undefined ? { leaderId: 1, voters } : quorum },
    minInSync: new Map([['orders', 2]]),
    expected: { brokers: three, voters: three },
  }
}

type Case = { name: string; scene: Scene; lost: number[]; summary: RegExp } & Pick<
  LossReport,
  'verdict' | 'quorumSurvives'
>

const whole = partition(three)
const cases: Case[] = [
  {
    name: 'one node of three',
    scene: { partitions: [whole] },
    lost: [2],
    verdict: 'serves',
    quorumSurvives: true,
    summary: /^Without node 2, the Instance goes on serving/,
  },
  {
    name: 'the leader of all, while the quorum can choose another',
    scene: { partitions: [whole] },
    lost: [1],
    verdict: 'serves',
    quorumSurvives: true,
    summary: /goes on serving/,
  },
  {
    name: 'a node while another replica is out of sync',
    scene: { partitions: [whole, partition([1, 2], { partition: 1 })] },
    lost: [2],
    verdict: 'writes-stop',
    quorumSurvives: true,
    summary: /^Without node 2, 1 of 2 partitions take no records with acks=all/,
  },
  {
    name: 'the only replica of a partition',
    scene: { partitions: [whole, partition([3], { topic: 'lone', replicas: [3] })] },
    lost: [3],
    verdict: 'unavailable',
    quorumSurvives: true,
    summary: /1 of 2 partitions have no leader: they can be neither written nor read/,
  },
  {
    name: 'two of three controllers',
    scene: { partitions: [whole] },
    lost: [1, 2],
    verdict: 'unavailable',
    quorumSurvives: false,
    summary: /the controller quorum is lost/,
  },
  {
    name: 'one controller while another lags',
    scene: { partitions: [whole], lags: [0, 0, caughtUpWithin + 1] },
    lost: [2],
    verdict: 'unavailable',
    quorumSurvives: false,
    summary: /the controller quorum is lost/,
  },
  {
    name: 'a node while another does not answer',
    scene: { partitions: [whole], silent: [3], lags: [0, 0, 0, 0, 0] },
    lost: [2],
    verdict: 'writes-stop',
    quorumSurvives: true,
    summary: /1 of 1 partitions take no records/,
  },
  {
    name: 'every broker, where controllers are elsewhere',
    scene: {
      partitions: [],
      quorum: { leaderId: 7, voters: [7, 8, 9].map((kafkaId) => ({ kafkaId, lag: 0 })) },
    },
    lost: three,
    verdict: 'unavailable',
    quorumSurvives: true,
    summary: /no broker is left/,
  },
  {
    name: 'a node, when nobody can tell of the quorum',
    scene: { partitions: [whole], quorum: null },
    lost: [2],
    verdict: 'unavailable',
    quorumSurvives: false,
    summary: /the controller quorum is lost/,
  },
  {
    name: 'a node that has nothing, while something is broken already',
    scene: { partitions: [partition([], { replicas: [1] })] },
    lost: [3],
    verdict: 'unavailable',
    quorumSurvives: true,
    summary: /1 of 1 partitions have no leader/,
  },
]

describe('what a loss would mean', () => {
  for (const { name, scene, lost, verdict, quorumSurvives, summary } of cases) {
    test(`is ${verdict} for ${name}`, () => {
      const report = lossOf(evidence(scene), lost)
      assert.deepEqual([report.verdict, report.quorumSurvives], [verdict, quorumSurvives])
      assert.match(report.summary, summary)
    })
  }

  test('leaves partitions without a leader whose leader is lost with the quorum', () => {
    const report = lossOf(evidence({ partitions: [whole, partition([3, 1, 2], { partition: 1 })] }), [1, 2])
    assert.deepEqual(report.partitionsWithoutLeader, [{ topic: 'orders', partition: 0 }])
    assert.deepEqual(report.partitionsBelowMinimum, [{ topic: 'orders', partition: 1 }])
  })

  test('names the partition that would have the least to spare', () => {
    const partitions = [whole, partition([1, 2], { partition: 1 }), partition([1, 3], { partition: 2 })]
    const { tightest } = lossOf(evidence({ partitions }), [2])
    assert.deepEqual(tightest, { topic: 'orders', partition: 1, spare: -1 })
    assert.equal(lossOf(evidence({ partitions }), []).tightest, null)
  })

  test('counts all and names the first twenty', () => {
    const partitions = Array.from({ length: 30 }, (_, index) => partition([3], { partition: index, replicas: [3] }))
    const report = lossOf(evidence({ partitions }), [3])
    assert.deepEqual(report.counts, { partitions: 30, withoutLeader: 30, belowMinimum: 0 })
    assert.equal(report.partitionsWithoutLeader.length, 20)
  })
})
