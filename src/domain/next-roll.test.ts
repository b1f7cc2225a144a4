import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Evidence } from './may-stop.ts'
import { nextRoll, type RollDecision, type RollNode } from './next-roll.ts'
import type { Observation, PartitionState } from './observation.ts'
import { caughtUpWithin } from './rolling.ts'

type Scene = {
  inSync?: number[][]
  replicas?: number[]
  leaderId?: number
  lags?: Record<number, number>
  silent?: number[]
  unseen?: number[]
}

/** Five nodes, the first three of them voters; by default all is well and node 2 leads the quorum. */
function evidence({ inSync = [], replicas = [1, 2, 3], leaderId = 2, lags = {}, ...more }: Scene = {}): Evidence {
  const { silent = [], unseen = [] } = more
  const brokers = [1, 2, 3, 4, 5]
  const partitions: PartitionState[] = inSync.map((ids, partition) => ({
    topic: 'orders',
    partition,
    leader: ids[0] ?? -1,
    replicas,
    inSync: ids,
  }))
  const views: Observation['views'] = brokers.map((kafkaId) =>
    silent.includes(kafkaId)
      ? { kafkaId, sees: null, problem: 'timed out' }
      : { kafkaId, sees: brokers.filter((id) => !unseen.includes(id)), problem: null },
  )
  const voters = [1, 2, 3].map((kafkaId) => ({ kafkaId, lag: lags[kafkaId] ?? 0 }))
  return {
    observation: { views, partitions, quorum: { leaderId, voters } },
    minInSync: new Map([['orders', 2]]),
    expected: { brokers, voters: [1, 2, 3] },
  }
}

const node = (kafkaId: number, more: Partial<RollNode> = {}): RollNode => ({
  kafkaId,
  isController: kafkaId <= 3,
  isRunning: true,
  reasons: ['version 4.0.2 → 4.3.1'],
  ...more,
})

const five = (more: Record<number, Partial<RollNode>> = {}): RollNode[] =>
  [5, 4, 3, 2, 1].map((id) => node(id, more[id]))
const fine: Partial<RollNode> = { reasons: [] }
const stopped: Partial<RollNode> = { isRunning: false }

const chosen = (decision: RollDecision): number | null => (decision.kind === 'restart' ? decision.kafkaId : null)

/** Restarts what it says until it says no more, as a roll does where every restart goes well. */
function rollOrder(nodes: RollNode[], scene: Evidence): { order: number[]; last: RollDecision } {
  const order: number[] = []
  let left = nodes
  for (let decision = nextRoll(scene, left); ; decision = nextRoll(scene, left)) {
    if (decision.kind !== 'restart') return { order, last: decision }
    const { kafkaId } = decision
    order.push(kafkaId)
    left = left.map((one) => (one.kafkaId === kafkaId ? { ...one, isRunning: true, reasons: [] } : one))
  }
}

describe('the order of a roll', () => {
  const orders: { name: string; nodes: RollNode[]; scene?: Scene; order: number[]; last?: RollDecision['kind'] }[] = [
    {
      name: 'controllers that follow, then brokers, the active controller last',
      nodes: five(),
      order: [1, 3, 4, 5, 2],
    },
    { name: 'the same when another one leads', nodes: five(), scene: { leaderId: 3 }, order: [1, 2, 4, 5, 3] },
    { name: 'a node that does not run first', nodes: five({ 5: stopped }), order: [5, 1, 3, 4, 2] },
    { name: 'the active controller first when it does not run', nodes: five({ 2: stopped }), order: [2, 1, 3, 4, 5] },
    { name: 'only nodes that have a reason', nodes: five({ 1: fine, 4: fine }), order: [3, 5, 2] },
    {
      name: 'nobody when nobody has a reason',
      nodes: five({ 1: fine, 2: fine, 3: fine, 4: fine, 5: fine }),
      order: [],
    },
    { name: 'all but the one that is held', nodes: five({ 3: { isHeld: true } }), order: [1, 4, 5, 2] },
    { name: 'a quorum of three combined nodes', nodes: five().slice(2), order: [1, 3, 2] },
    {
      name: 'only the node that is out of sync, while it is',
      nodes: five(),
      scene: { inSync: [[1, 4]], replicas: [1, 4, 5] },
      order: [5],
      last: 'wait',
    },
    {
      name: 'only the nodes that another broker does not see, one after the other',
      nodes: five(),
      scene: { unseen: [4, 5] },
      order: [4, 5],
      last: 'wait',
    },
    {
      name: 'the controller that lags, and no other',
      nodes: five().slice(2),
      scene: { lags: { 3: caughtUpWithin + 1 } },
      order: [3],
      last: 'wait',
    },
    {
      name: 'nobody while two of three controllers lag',
      nodes: five(),
      scene: { lags: { 1: caughtUpWithin + 1, 3: caughtUpWithin + 1 } },
      order: [],
      last: 'wait',
    },
    { name: 'nobody while the quorum has no leader', nodes: five(), scene: { leaderId: -1 }, order: [], last: 'wait' },
    {
      name: 'only who is out of sync while a partition has its leader alone',
      nodes: five().slice(2),
      scene: { inSync: [[2]] },
      order: [1, 3],
      last: 'wait',
    },
    {
      name: 'all of them over a topic that no restart can spare',
      nodes: five().slice(2),
      scene: { inSync: [[1]], replicas: [1] },
      order: [1, 3, 2],
    },
  ]
  for (const { name, nodes, scene, order, last = 'done' } of orders) {
    test(`is ${name}`, () => {
      const roll = rollOrder(nodes, evidence(scene))
      assert.deepEqual(roll.order, order)
      assert.equal(roll.last.kind, last)
    })
  }
})

describe('the next node', () => {
  test('that hangs comes before those that are well', () =>
    assert.equal(chosen(nextRoll(evidence({ silent: [4] }), five())), 4))

  test('waits for one that does not run and has no reason to restart', () => {
    const decision = nextRoll(evidence(), five({ 4: { isRunning: false, reasons: [] } }))
    assert.ok(decision.kind === 'wait')
    assert.equal(decision.why, 'node 4 does not run, so no other may stop')
  })

  test('waits for one that hangs and has no reason to restart', () => {
    const decision = nextRoll(evidence({ silent: [5] }), five({ 5: fine }))
    assert.ok(decision.kind === 'wait')
    assert.equal(decision.why, 'node 5 does not answer, so no other may stop')
  })

  test('waits for one that is out of sync and has no reason to restart', () => {
    const decision = nextRoll(evidence({ inSync: [[1, 2, 3]], replicas: [1, 2, 3, 5] }), five({ 5: fine }))
    assert.ok(decision.kind === 'wait')
    assert.equal(decision.why, 'node 5 is not ready, so no other may stop')
  })

  test('starts though partitions are short, when it does not run', () =>
    assert.equal(chosen(nextRoll(evidence({ inSync: [[1]] }), five({ 3: stopped }))), 3))

  test('waits in words that name the partition', () => {
    const decision = nextRoll(evidence({ inSync: [[1, 2]] }), [node(1)])
    assert.ok(decision.kind === 'wait')
    assert.match(decision.why, /^without node 1, partition 0 of topic orders/)
    assert.deepEqual(decision.report.tightest, { topic: 'orders', partition: 0, spare: -1 })
  })

  test('comes with its reasons and the evidence', () => {
    const decision = nextRoll(evidence({ inSync: [[1, 2, 3]] }), five())
    assert.deepEqual(decision, {
      kind: 'restart',
      kafkaId: 1,
      reasons: ['version 4.0.2 → 4.3.1'],
      report: {
        partitionsExamined: 1,
        tightest: { topic: 'orders', partition: 0, spare: 0 },
        quorum: { voters: 3, caughtUp: 3, largestLag: 0 },
      },
    })
  })
})
