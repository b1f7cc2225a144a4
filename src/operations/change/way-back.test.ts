import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { makeRecorder, type Recorder } from '../../../test/harness/recorder.ts'
import { makeStage, type Stage } from '../../../test/harness/world.ts'
import type { InstanceId, OperationId } from '../../domain/id.ts'
import type { Trouble } from '../../providers/simulated/faults.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { listEventsAfter } from '../../store/events.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import { getOperation } from '../../store/operations.ts'
import { changeProgress } from './change-progress.ts'

let database: TestDatabase
let stage: Stage
let worker: Recorder
let instanceId: InstanceId
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  stage = await makeStage(database.db)
  worker = makeRecorder(stage)
  instanceId = (await getOperation(stage.db, await stage.create({ version: '4.2.1' }))).instanceId
  await worker.settle()
  stage.pass(1000)
  stage.ledger.splice(0)
})

const operation = (id: OperationId) => getOperation(stage.db, id)
const instance = () => getInstance(stage.db, instanceId)
const started = () => stage.ledger.filter(({ act }) => act === 'started').map(({ kafkaId }) => kafkaId)
const running = async () =>
  (await stage.simulated.provider.inspectNodes(instanceId)).map(({ kafkaId, version, process }) => [
    kafkaId,
    process === 'running' ? version : null,
  ])
const allRun = (version: string, ids = [1, 2, 3]) => ids.map((kafkaId) => [kafkaId, version])

/** It dies, and whoever starts it fails, until `mend`. */
function ruin(kafkaId: number): void {
  stage.simulated.killNode(instanceId, kafkaId)
  stage.simulated.faults.add({ call: 'ensureNode', instanceId, kafkaId, effect: 'fails', times: Infinity })
}
const mend = () => stage.simulated.faults.clear()

async function assertBack(id: OperationId, version = '4.2.1'): Promise<void> {
  assert.equal((await operation(id)).outcome, 'cancelled')
  const { state, targetVersion, before: goneBack } = await instance()
  assert.deepEqual([state, targetVersion, goneBack], ['Running', version, null])
  assert.ok((await listNodes(stage.db, instanceId)).every(({ intent }) => intent === 'stay'))
}

describe('a change that is cancelled', () => {
  for (const [what, wish] of [
    ['an upgrade', { version: '4.3.1' }],
    ['a resize', { reservedAku: 10 }],
    ['a setting', { instanceConfigs: [{ key: 'log.retention.ms', value: '60000' }] }],
  ] as const) {
    test(`before ${what} has begun ends at once, though a node is down for good`, async () => {
      ruin(2)
      const id = await stage.change(instanceId, wish as Parameters<Stage['change']>[1])
      await worker.arriveAt(id, 'check')
      await worker.work()
      await stage.control(id, 'cancel')
      await worker.work()
      await assertBack(id)
      assert.equal((await listNodes(stage.db, instanceId)).length, 3)
    })
  }

  test('takes a new node away that never came to run', async () => {
    const id = await stage.change(instanceId, { reservedAku: 8 })
    await worker.arriveAt(id, 'await-added')
    ruin(4)
    await worker.settle()
    assert.match((await operation(id)).waitingReason ?? '', /Stopped here.*or cancel the Operation\./)
    await stage.control(id, 'cancel')
    await worker.settle()
    await assertBack(id)
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
    await worker.settle()
    await assertBack(id)
    assert.deepEqual(await running(), allRun('4.2.1'))
  })

  test('ends when all is as it was, though a node is sick that it has not touched', async () => {
    const id = await stage.change(instanceId, { restart: 'all' }, { pauseAfter: 'first' })
    await worker.settle()
    const [first] = started()
    stage.simulated.troubleNode(instanceId, first!, 'lags')
    await stage.control(id, 'cancel')
    await worker.settle()
    await assertBack(id)
  })

  test('is rolled back though two nodes are sick with the new version', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { soakSeconds: 600 })
    await worker.arriveAt(id, 'soak')
    stage.simulated.troubleNode(instanceId, 1, 'lags')
    stage.simulated.troubleNode(instanceId, 3, 'no-canary')
    await stage.control(id, 'cancel')
    await worker.settle()
    await assertBack(id)
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
      await worker.settle()
      await assertBack(id)
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
    await worker.settle()
    await assertBack(id)
    assert.deepEqual(started(), [])
  })

  test('cannot be cancelled on its way back, and says so', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { rollBackOnFailure: true })
    await worker.arriveAt(id, 'await-node')
    stage.simulated.troubleNode(instanceId, started()[0]!, 'no-canary')
    await worker.arriveAt(id, 'pick-node')
    await assert.rejects(() => stage.control(id, 'cancel'), /on its way back already/)
    await worker.settle()
    await assertBack(id)
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
  await worker.settle()
  assert.equal((await operation(id)).outcome, 'succeeded')
})

describe('a node that ails', () => {
  for (const trouble of ['hangs', 'lags', 'no-canary'] satisfies Trouble[]) {
    test(`and ${trouble} is cured by the restart that a person asks for`, async () => {
      stage.simulated.troubleNode(instanceId, 2, trouble)
      const id = await stage.change(instanceId, { restart: [2] })
      await worker.settle()
      assert.equal((await operation(id)).outcome, 'succeeded')
      assert.deepEqual(started(), [2])
    })
  }

  test('is not restarted while others would be missed', async () => {
    stage.simulated.troubleNode(instanceId, 3, 'lags')
    const id = await stage.change(instanceId, { restart: [2] })
    await worker.arriveAt(id, 'check')
    for (let turn = 0; turn < 100; turn++) {
      stage.pass(2000)
      await worker.work()
    }
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
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'succeeded')
    assert.deepEqual(await running(), allRun('4.2.1'))
    const replicas = await stage.simulated.clusters.replicas((await listNodes(stage.db, instanceId)).map(endpointOf))
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
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'succeeded')
  })

  test('while it turns back, though no node answers', async () => {
    const id = await stage.change(instanceId, { reservedAku: 8 })
    await worker.arriveAt(id, 'spread-replicas')
    await stage.control(id, 'cancel')
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(instanceId, kafkaId)
    await worker.settle()
    await assertBack(id)
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
