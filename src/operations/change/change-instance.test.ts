import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  allRun,
  assertSettles,
  dieSeen,
  endpoints,
  instance,
  instanceId,
  nodes,
  operation,
  running,
  see,
  stage,
  started,
  worker,
} from '../../../test/harness/running-instance.ts'
import { makeWorker } from '../../../test/harness/worker.ts'
import { changeKinds, type ChangeWish } from '../../domain/change.ts'
import { AppError } from '../../domain/errors.ts'
import type { OperationId } from '../../domain/id.ts'
import { requestTending } from '../../store/operation-leases.ts'
import { listSteps } from '../../store/steps.ts'
import { passagesOf } from './gate.ts'
import { plannedSteps } from './onward.ts'

const clusterReplicas = async () => stage.simulated.clusters.replicas(await endpoints())
const steps = async (id: OperationId) => (await listSteps(stage.db, id)).map(({ name }) => name)

describe('what a page shows as still to come', () => {
  for (const [what, wish] of [
    ['a restart', { restart: 'all' }],
    ['an upgrade', { version: '4.3.1' }],
    ['one node more', { reservedAku: 8 }],
    ['another number of AKU alone', { reservedAku: 5 }],
    ['a setting that Kafka takes while it runs', { instanceConfigs: [{ key: 'log.retention.ms', value: '60000' }] }],
  ] as const) {
    test(`of ${what} is what then happens`, async () => {
      const id = await stage.change(instanceId, wish as ChangeWish)
      await assertSettles(id, 'succeeded')
      assert.deepEqual(new Set(plannedSteps(await operation(id))), new Set(await steps(id)))
    })
  }
})

describe('an upgrade', () => {
  test('restarts each node once, the active controller last, and makes the version final', async () => {
    const leader = (await stage.simulated.clusters.observe(await endpoints())).quorum!.leaderId
    const id = await stage.change(instanceId, { version: '4.3.1' })
    assert.equal((await instance()).state, 'Changing')
    await worker.settle()
    const { outcome, notes } = await operation(id)
    assert.equal(outcome, 'succeeded')
    assert.equal(started().length, 3)
    assert.equal(started().at(-1), leader)
    assert.deepEqual(await running(), allRun('4.3.1'))
    const { version, targetVersion, state, before: goneBack } = await instance()
    assert.deepEqual([version, targetVersion, state, goneBack], ['4.3.1', '4.3.1', 'Running', null])
    const { finalized } = await stage.simulated.clusters.features(await endpoints())
    assert.equal(finalized['metadata.version'], 30)
    assert.deepEqual(
      passagesOf(notes).map(({ reasons }) => reasons),
      [1, 2, 3].map(() => ['version 4.2.1 → 4.3.1']),
    )
  })

  test('rolls back while it is watched, by the same roll', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { soakSeconds: 600 })
    await worker.arriveAt(id, 'soak')
    assert.equal((await instance()).version, '4.3.1')
    await stage.control(id, 'cancel')
    await assertSettles(id, 'cancelled')
    const { version, targetVersion, state } = await instance()
    assert.deepEqual([version, targetVersion, state], ['4.2.1', '4.2.1', 'Running'])
    assert.deepEqual(await running(), allRun('4.2.1'))
    assert.equal(started().length, 6)
  })

  test('waits for a person when told to, and cannot go back once it is final', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { finalize: 'manual' })
    await worker.settle()
    const waiting = await operation(id)
    assert.deepEqual([waiting.step, waiting.outcome, !!waiting.pausedAt], ['finalize', 'active', true])
    await assert.rejects(() => stage.control(id, 'resume'), /make it final \(:finalize\), or roll back/)
    await stage.makeFinal(id)
    await assert.rejects(() => stage.control(id, 'cancel'), /made final/)
    await assertSettles(id, 'succeeded')
  })

  test('pauses after the first node when asked, and holds one back', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first', holdNode: 1 })
    await worker.settle()
    assert.equal(started().length, 1)
    assert.match((await operation(id)).waitingReason ?? '', /pauses here, as asked/)
    await stage.control(id, 'resume')
    await worker.settle()
    assert.deepEqual(new Set(started()), new Set([2, 3]))
    assert.match((await operation(id)).waitingReason ?? '', /Node 1 is held back/)
    await stage.control(id, 'resume')
    await assertSettles(id, 'succeeded')
    assert.equal(started().length, 3)
  })

  test('whose node does not come back stops there, says so, and goes on when it is mended', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' })
    await worker.arriveAt(id, 'await-node')
    const [kafkaId] = started()
    stage.simulated.troubleNode(instanceId, kafkaId!, 'hangs')
    await worker.settle()
    const stopped = await operation(id)
    assert.ok(stopped.pausedAt)
    assert.match(stopped.waitingReason ?? '', /Stopped here after 5 minutes.*Nothing more is restarted/)
    assert.equal(started().length, 1)
    stage.simulated.troubleNode(instanceId, kafkaId!, null)
    await stage.control(id, 'resume')
    await assertSettles(id, 'succeeded')
  })

  test('ends a node that hangs on its way, starts it again, and goes on', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' })
    await worker.arriveAt(id, 'await-node')
    const kafkaId = started()[0]!
    stage.simulated.troubleNode(instanceId, kafkaId, 'hangs')
    const silentSince = new Date(stage.now().getTime() + 1)
    stage.pass(20_001)
    await see(kafkaId, { health: 'unreachable', silentSince })
    await assertSettles(id, 'succeeded')
    assert.equal(started().filter((one) => one === kafkaId).length, 2)
    assert.equal(started().length, 4)
  })

  test('is refused where there is no way', async () => {
    await assert.rejects(() => stage.change(instanceId, { version: '3.9.2' }), /no way back/)
    await assert.rejects(() => stage.change(instanceId, { version: '9.9.9' }), /no version "9.9.9"/)
    assert.equal((await instance()).state, 'Running')
  })
})

describe('a resize', () => {
  test('adds nodes, and gives them their share', async () => {
    const id = await stage.change(instanceId, { reservedAku: 10 })
    await assertSettles(id, 'succeeded')
    const { nodeCount, spec } = await instance()
    assert.deepEqual([nodeCount, spec.reservedAku], [5, 10])
    assert.deepEqual(
      (await nodes()).map(({ kafkaId, intent, health }) => [kafkaId, intent, health]),
      [1, 2, 3, 4, 5].map((kafkaId) => [kafkaId, 'stay', 'running']),
    )
    const zones = (await nodes()).map(({ zone }) => zone)
    assert.deepEqual(
      [...new Set(zones)].map((zone) => zones.filter((one) => one === zone).length).toSorted(),
      [1, 2, 2],
    )
    assert.deepEqual(started(), [4, 5], 'nodes that stay are left alone')
    const carriers = new Set((await clusterReplicas()).map(({ kafkaId }) => kafkaId))
    assert.equal(carriers.has(4) || carriers.has(5), true)
  })

  test('empties the nodes that leave before they go', async () => {
    await stage.change(instanceId, { reservedAku: 10 })
    await worker.settle()
    stage.ledger.splice(0)
    const id = await stage.change(instanceId, { reservedAku: 6 })
    await worker.settle()
    assert.deepEqual(
      (await steps(id)).filter((name) => ['prove-empty', 'remove-nodes'].includes(name)),
      ['prove-empty', 'remove-nodes'],
    )
    assert.equal((await operation(id)).outcome, 'succeeded')
    assert.deepEqual(
      (await nodes()).map(({ kafkaId }) => kafkaId),
      [1, 2, 3],
    )
    assert.deepEqual(
      stage.simulated.population.of(instanceId).map(({ spec }) => spec.kafkaId),
      [1, 2, 3],
    )
    assert.deepEqual(started(), [], 'nodes that stay are left alone')
    assert.ok((await clusterReplicas()).every(({ kafkaId }) => kafkaId <= 3))
  })

  test('that needs no other number of nodes touches none', async () => {
    const id = await stage.change(instanceId, { reservedAku: 5 })
    await assertSettles(id, 'succeeded')
    assert.deepEqual(stage.ledger, [])
    assert.equal((await instance()).spec.reservedAku, 5)
  })

  test('that grows is cancelled: nodes that had come are emptied and leave', async () => {
    const id = await stage.change(instanceId, { reservedAku: 10 })
    await worker.arriveAt(id, 'spread-replicas')
    await worker.work()
    await stage.control(id, 'cancel')
    await assertSettles(id, 'cancelled')
    const { spec, nodeCount, state } = await instance()
    assert.deepEqual([spec.reservedAku, nodeCount, state], [3, 3, 'Running'])
    assert.equal(stage.simulated.population.of(instanceId).length, 3)
    assert.equal((await nodes()).length, 3)
  })

  test('that shrinks is cancelled before its nodes are empty: they stay', async () => {
    await stage.change(instanceId, { reservedAku: 10 })
    await worker.settle()
    const id = await stage.change(instanceId, { reservedAku: 6 })
    await worker.arriveAt(id, 'prove-empty')
    await stage.control(id, 'cancel')
    await assertSettles(id, 'cancelled')
    const { spec, nodeCount } = await instance()
    assert.deepEqual([spec.reservedAku, nodeCount], [10, 5])
    assert.ok((await nodes()).every(({ intent }) => intent === 'stay'))
  })
})

describe('a change that stands still', () => {
  const dies = async (kafkaId: number) => {
    stage.ledger.splice(0)
    await dieSeen(kafkaId)
    await worker.settle()
  }

  test('brings a node back that dies, and goes on standing', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first' })
    await worker.settle()
    const { waitingReason, step } = await operation(id)
    await dies(3)
    assert.deepEqual(started(), [3])
    assert.deepEqual((await running()).at(-1), [3, '4.2.1'], 'as it was')
    const standing = await operation(id)
    assert.ok(standing.pausedAt)
    assert.deepEqual([standing.step, standing.waitingReason], [step, waitingReason])
    await stage.control(id, 'resume')
    await assertSettles(id, 'succeeded')
  })

  test('does so also when it has failed', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    await worker.arriveAt(id, 'pick-node')
    const failing = makeWorker(stage, {
      aroundCall: ({ name }, work) =>
        name === 'observe' ? Promise.reject(new AppError('invalid', 'Kafka.Refused', 'Not this one.')) : work(),
    })
    await failing.work()
    assert.equal((await operation(id)).outcome, 'failed')
    await dies(2)
    assert.deepEqual(started(), [2])
    assert.equal((await operation(id)).outcome, 'failed')
    assert.equal((await instance()).state, 'Error')
  })

  test('leaves its nodes alone when they are well', async () => {
    await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first' })
    await worker.settle()
    stage.ledger.splice(0)
    const asked = await requestTending(stage.db, {
      kinds: [...changeKinds],
      silentBefore: stage.now(),
      now: stage.now(),
    })
    assert.equal(asked, 0)
  })
})

describe('a change of several things', () => {
  test('restarts each node that stays once', async () => {
    const id = await stage.change(instanceId, {
      version: '4.3.1',
      reservedAku: 8,
      instanceConfigs: [
        { key: 'num.network.threads', value: '3' },
        { key: 'log.retention.check.interval.ms', value: '60000' },
      ],
    })
    await worker.settle()
    const { outcome, kind } = await operation(id)
    assert.deepEqual([outcome, kind], ['succeeded', 'change-instance'])
    assert.deepEqual(started().toSorted(), [1, 2, 3, 4])
    assert.equal((await nodes()).length, 4)
  })
})

describe('a restart', () => {
  test('of one node leaves the others alone', async () => {
    const id = await stage.change(instanceId, { restart: [2] })
    await assertSettles(id, 'succeeded')
    assert.deepEqual(started(), [2])
  })

  test('begins with a node that is dead', async () => {
    stage.simulated.killNode(instanceId, 3)
    const id = await stage.change(instanceId, { restart: 'all' })
    await assertSettles(id, 'succeeded')
    assert.deepEqual(started().toSorted(), [1, 2, 3])
  })

  test('is refused while another change runs, which it names', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    await assert.rejects(() => stage.change(instanceId, { reservedAku: 8 }), new RegExp(id))
  })
})
