import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  allRun,
  assertSettles,
  endpoints,
  instance,
  instanceId,
  nodes,
  operation,
  running,
  stage,
  started,
  watch,
  worker,
} from '../../../test/harness/running-instance.ts'
import type { ChangeWish } from '../../domain/change.ts'
import type { OperationId } from '../../domain/id.ts'
import type { Trouble } from '../../providers/simulated/faults.ts'
import { listEventsAfter } from '../../store/events.ts'
import { changeProgress } from './change-progress.ts'

/** It dies, and whoever starts it fails, until `mend`. */
function ruin(kafkaId: number): void {
  stage.simulated.killNode(instanceId, kafkaId)
  stage.simulated.faults.add({ call: 'ensureNode', instanceId, kafkaId, effect: 'fails', times: Infinity })
}
const mend = () => stage.simulated.faults.clear()

async function assertSettlesBack(id: OperationId): Promise<void> {
  await assertSettles(id, 'cancelled')
  const { state, targetVersion, before: goneBack } = await instance()
  assert.deepEqual([state, targetVersion, goneBack], ['Running', '4.2.1', null])
  assert.ok((await nodes()).every(({ intent }) => intent === 'stay'))
}

describe('a change that is cancelled', () => {
  for (const [what, wish] of [
    ['an upgrade', { version: '4.3.1' }],
    ['a resize', { reservedAku: 10 }],
    ['a setting', { instanceConfigs: [{ key: 'log.retention.ms', value: '60000' }] }],
  ] as const) {
    test(`before ${what} has begun ends at once, though a node is down for good`, async () => {
      ruin(2)
      const id = await stage.change(instanceId, wish as ChangeWish)
      await worker.arriveAt(id, 'check')
      await worker.work()
      await stage.control(id, 'cancel')
      await worker.work()
      assert.equal((await operation(id)).outcome, 'cancelled')
      await assertSettlesBack(id)
      assert.equal((await nodes()).length, 3)
    })
  }

  test('takes a new node away that never came to run', async () => {
    const id = await stage.change(instanceId, { reservedAku: 8 })
    await worker.arriveAt(id, 'await-added')
    ruin(4)
    await worker.settle()
    assert.match((await operation(id)).waitingReason ?? '', /Stopped here.*or cancel the Operation\./)
    await stage.control(id, 'cancel')
    await assertSettlesBack(id)
    assert.deepEqual(await running(), allRun('4.2.1'))
  })

  test('says in the end what it cannot do, and goes on when it is retried', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first' })
    await worker.settle()
    const [first] = started()
    const other = [1, 2, 3].find((kafkaId) => kafkaId !== first)!
    ruin(other)
    await stage.control(id, 'cancel')
    await worker.settle()
    const failed = await operation(id)
    assert.equal(failed.outcome, 'failed')
    assert.match(failed.error?.message ?? '', /^It has not come back in 5 minutes: .*Mend that and retry, or delete/)
    assert.equal((await instance()).state, 'Error')
    mend()
    await stage.control(id, 'retry')
    await assertSettlesBack(id)
    assert.deepEqual(await running(), allRun('4.2.1'))
  })

  test('ends when all is as it was, though a node is sick that it has not touched', async () => {
    const id = await stage.change(instanceId, { restart: 'all' }, { pauseAfter: 'first' })
    await worker.settle()
    const [first] = started()
    stage.simulated.troubleNode(instanceId, first!, 'lags')
    await stage.control(id, 'cancel')
    await assertSettlesBack(id)
  })

  test('is rolled back though two nodes are sick with the new version', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { soakSeconds: 600 })
    await worker.arriveAt(id, 'soak')
    stage.simulated.troubleNode(instanceId, 1, 'lags')
    stage.simulated.troubleNode(instanceId, 3, 'no-canary')
    await stage.control(id, 'cancel')
    await assertSettlesBack(id)
    assert.deepEqual(await running(), allRun('4.2.1'))
  })
})

describe('an upgrade that rolls back by itself', () => {
  for (const [trouble, why] of [
    ['never-starts', /cannot be started/],
    ['hangs', /does not answer|no answer in time/],
    ['lags', /partitions miss a replica/],
    ['no-canary', /canary record did not come back/],
  ] as const) {
    test(`does so when its first node ${trouble}, and says why`, async () => {
      const id = await stage.change(instanceId, { version: '4.3.1' }, { rollBackOnFailure: true })
      await worker.arriveAt(id, 'await-node')
      const [first] = started()
      stage.simulated.troubleNode(instanceId, first!, trouble)
      if (trouble === 'never-starts') ruin(first!)
      await worker.arriveAt(id, 'turn-back')
      mend()
      await assertSettlesBack(id)
      assert.deepEqual(await running(), allRun('4.2.1'))
      assert.deepEqual([...new Set(started())], [first], 'no other node is touched')
      const because = changeProgress(await operation(id), stage.now())?.turnedBackBecause
      assert.match(because ?? '', why)
      const events = await listEventsAfter(stage.db, stage.environmentId, { after: 0, limit: 1000 })
      assert.ok(events.some(({ message }) => message.includes(`It goes back by itself after 5 minutes: ${because}`)))
    })
  }

  test('does so when Kafka does not tell what may stop', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { rollBackOnFailure: true })
    await worker.arriveAt(id, 'pick-node')
    stage.simulated.faults.add({ call: 'minInSync', effect: 'fails', times: Infinity })
    await worker.arriveAt(id, 'turn-back')
    mend()
    await assertSettlesBack(id)
    assert.deepEqual(started(), [])
  })

  test('cannot be cancelled on its way back, and says so', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { rollBackOnFailure: true })
    await worker.arriveAt(id, 'await-node')
    stage.simulated.troubleNode(instanceId, started()[0]!, 'no-canary')
    await worker.arriveAt(id, 'pick-node')
    await assert.rejects(() => stage.control(id, 'cancel'), /on its way back already/)
    await assertSettlesBack(id)
  })
})

test('an upgrade whose canary fails stops at the node and asks, in the words of its button', async () => {
  const id = await stage.change(instanceId, { version: '4.3.1' })
  await worker.arriveAt(id, 'await-node')
  stage.simulated.troubleNode(instanceId, started()[0]!, 'no-canary')
  await worker.settle()
  const stopped = await operation(id)
  assert.deepEqual([stopped.step, !!stopped.pausedAt], ['await-node', true])
  assert.match(stopped.waitingReason ?? '', /canary record did not come back.*Resume to try on, or roll back\.$/)
  assert.equal(started().length, 1)
})

test('an upgrade that pauses after each node waits for a person each time', async () => {
  const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'each' })
  for (const nodes of [1, 2, 3]) {
    await worker.settle()
    const { pausedAt, waitingReason } = await operation(id)
    assert.ok(pausedAt)
    assert.match(waitingReason ?? '', /is through and the Instance is healthy/)
    assert.equal(started().length, nodes)
    await stage.control(id, 'resume')
  }
  await assertSettles(id, 'succeeded')
})

describe('a node that ails', () => {
  for (const trouble of ['hangs', 'lags', 'no-canary'] satisfies Trouble[]) {
    test(`and ${trouble} is cured by the restart that a person asks for`, async () => {
      stage.simulated.troubleNode(instanceId, 2, trouble)
      const id = await stage.change(instanceId, { restart: [2] })
      await assertSettles(id, 'succeeded')
      assert.deepEqual(started(), [2])
    })
  }

  test('is not restarted while others would be missed', async () => {
    stage.simulated.troubleNode(instanceId, 3, 'lags')
    const id = await stage.change(instanceId, { restart: [2] })
    await worker.arriveAt(id, 'check')
    await watch(200_000)
    const { step, waitingReason } = await operation(id)
    assert.equal(step, 'check')
    assert.match(waitingReason ?? '', /Waits until the Instance is whole/)
    assert.deepEqual(started(), [])
  })

  test('and leaves is emptied and taken away, though it cannot start', async () => {
    await stage.change(instanceId, { reservedAku: 10 })
    await worker.settle()
    const id = await stage.change(instanceId, { reservedAku: 6 })
    await worker.arriveAt(id, 'move-replicas')
    ruin(5)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(await running(), allRun('4.2.1'))
    const replicas = await stage.simulated.clusters.replicas(await endpoints())
    assert.ok(replicas.every(({ kafkaId }) => kafkaId <= 3))
  })

  test('and is held back comes back as it was', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { holdNode: 3 })
    for (const step of ['pick-node', 'await-node', 'pick-node']) {
      await worker.arriveAt(id, step)
      stage.simulated.killNode(instanceId, 3)
      stage.pass(2_000)
      await worker.work()
      assert.deepEqual((await running()).at(-1), [3, '4.2.1'], step)
    }
    await worker.settle()
    assert.match((await operation(id)).waitingReason ?? '', /Node 3 is held back/)
    assert.deepEqual((await running()).at(-1), [3, '4.2.1'])
  })

  test('and has lost its data is never started empty', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' })
    await worker.arriveAt(id, 'pick-node')
    stage.simulated.loseNode(instanceId, 3)
    await worker.settle()
    const { pausedAt, waitingReason } = await operation(id)
    assert.ok(pausedAt)
    assert.match(waitingReason ?? '', /The data of node 3 is gone/)
    assert.deepEqual(started(), [])
  })
})

describe('what stops meanwhile is started again', () => {
  test('while the version is fetched', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' })
    stage.simulated.faults.add({ call: 'prepareVersion', effect: 'fails', times: 3 })
    stage.simulated.killNode(instanceId, 1)
    await worker.work()
    assert.deepEqual(await running(), allRun('4.2.1'))
    assert.equal((await operation(id)).step, 'fetch-distribution')
  })

  test('while settings are applied, though no node answers', async () => {
    const id = await stage.change(instanceId, { instanceConfigs: [{ key: 'log.retention.ms', value: '60000' }] })
    await worker.arriveAt(id, 'apply-settings')
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(instanceId, kafkaId)
    await assertSettles(id, 'succeeded')
  })

  test('while it turns back, though no node answers', async () => {
    const id = await stage.change(instanceId, { reservedAku: 8 })
    await worker.arriveAt(id, 'spread-replicas')
    await stage.control(id, 'cancel')
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(instanceId, kafkaId)
    await assertSettlesBack(id)
  })

  test('while it waits for a person to stop a broker that nobody made here', async () => {
    stage.simulated.joinStranger(instanceId, 9)
    const drift = { way: 'revert' as const, nodes: [], settings: [], overrides: [], brokers: [9] }
    const id = await stage.change(instanceId, { drift })
    await worker.arriveAt(id, 'remove-strangers')
    stage.simulated.killNode(instanceId, 2)
    await worker.work()
    assert.deepEqual(await running(), allRun('4.2.1'))
    assert.match((await operation(id)).waitingReason ?? '', /Node 9 still lives/)
  })
})
