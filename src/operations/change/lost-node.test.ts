import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { makeRecorder, type Recorder } from '../../../test/harness/recorder.ts'
import { makeStage, type Stage } from '../../../test/harness/world.ts'
import { changeKinds } from '../../domain/change.ts'
import type { InstanceId, OperationId } from '../../domain/id.ts'
import { listNodes, updateNodeSeen } from '../../store/nodes.ts'
import { requestTending } from '../../store/operation-leases.ts'
import { getOperation } from '../../store/operations.ts'

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
  stage.pass(1_000)
  stage.ledger.splice(0)
})

const operation = (id: OperationId) => getOperation(stage.db, id)
const started = () => stage.ledger.filter(({ act }) => act === 'started').map(({ kafkaId }) => kafkaId)

async function workFor(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    await worker.work()
    stage.pass(1_000)
  }
}

async function assertWaiting(id: OperationId): Promise<void> {
  const { outcome, waitingReason } = await operation(id)
  assert.equal(outcome, 'active')
  assert.match(waitingReason ?? '', /The data of node 2 is gone, so it is not started empty\./)
}

describe('a change that finds a node without its data', () => {
  const wishes = {
    'a restart': { restart: 'all' },
    'an upgrade': { version: '4.3.1' },
    'one node more': { reservedAku: 8 },
    settings: { instanceConfigs: [{ key: 'num.network.threads', value: '3' }] },
  } as const
  for (const [what, wish] of Object.entries(wishes)) {
    test(`never starts it empty, whatever else it is to do: ${what}`, async () => {
      stage.simulated.loseStorage(instanceId, 2)
      const id = await stage.change(instanceId, wish as Parameters<Stage['change']>[1])
      await workFor(90)
      await assertWaiting(id)
      assert.deepEqual(stage.ledger, [])
    })
  }

  test('starts the others that have theirs, and goes on doing so', async () => {
    stage.simulated.loseNode(instanceId, 2)
    stage.simulated.killNode(instanceId, 1)
    const id = await stage.change(instanceId, { restart: [3] })
    await workFor(60)
    await assertWaiting(id)
    assert.deepEqual(started(), [1])
    stage.simulated.killNode(instanceId, 3)
    await workFor(5)
    assert.deepEqual(started(), [1, 3])
    await assertWaiting(id)
  })

  test('starts them also while it stands', async () => {
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.change(instanceId, { restart: [3] })
    await stage.control(id, 'pause')
    stage.simulated.killNode(instanceId, 3)
    const [, , node] = await listNodes(stage.db, instanceId)
    await updateNodeSeen(stage.db, node!, { ...node!, health: 'stopped', observedAt: stage.now() })
    await requestTending(stage.db, { kinds: [...changeKinds], silentBefore: new Date(0), now: stage.now() })
    await workFor(40)
    assert.deepEqual(started(), [3])
  })

  test('goes on by itself when its data is back', async () => {
    const spec = stage.simulated.population.of(instanceId)[1]!.spec
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.change(instanceId, { restart: [1] })
    await workFor(10)
    stage.simulated.adopt([spec])
    stage.simulated.killNode(instanceId, 2)
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'succeeded')
    assert.deepEqual(started(), [2, 1])
  })
})

test('a roll does not start a node empty whose data goes while it restarts', async () => {
  const id = await stage.change(instanceId, { restart: [2] })
  await worker.arriveAt(id, 'restart-node')
  await worker.work()
  stage.simulated.loseStorage(instanceId, 2)
  await workFor(90)
  const { outcome, waitingReason, error } = await operation(id)
  assert.deepEqual([outcome, started()], ['active', []])
  assert.match(waitingReason ?? error?.message ?? '', /data of node 2 is gone/)
})
