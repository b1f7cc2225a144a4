import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { makeRecorder, type Recorder } from '../../test/harness/recorder.ts'
import { makeStage, type Stage } from '../../test/harness/world.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'
import { getOperation } from '../store/operations.ts'

let database: TestDatabase
let stage: Stage
let worker: Recorder
let instanceId: InstanceId
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  stage = await makeStage(database.db)
  worker = makeRecorder(stage)
  instanceId = (await getOperation(stage.db, await stage.create())).instanceId
  await worker.settle()
  stage.ledger.splice(0)
  worker.said.splice(0)
})

const instance = () => getInstance(stage.db, instanceId)
const outcome = async (id: OperationId) => (await getOperation(stage.db, id)).outcome
const started = () => stage.ledger.filter(({ act }) => act === 'started').map(({ kafkaId }) => kafkaId)

describe('healing', () => {
  test('starts the stopped node, leaves the others alone, and proves the whole', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    assert.equal((await instance()).state, 'Running')
    await worker.settle()
    assert.equal(await outcome(id), 'succeeded')
    assert.deepEqual(started(), [2])
    assert.deepEqual([(await instance()).state, (await instance()).health], ['Running', 'healthy'])
    assert.ok((await getOperation(stage.db, id)).notes['canary'])
  })

  test('starts all nodes after a restart of the machine', async () => {
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(instanceId, kafkaId)
    await stage.heal(instanceId)
    await worker.settle()
    assert.deepEqual(started(), [1, 2, 3])
    assert.deepEqual(
      (await listNodes(stage.db, instanceId)).map(({ health }) => health),
      ['running', 'running', 'running'],
    )
  })

  test('of what is well changes nothing', async () => {
    const id = await stage.heal(instanceId)
    await worker.settle()
    assert.equal(await outcome(id), 'succeeded')
    assert.deepEqual(stage.ledger, [])
  })

  test('gives way to a delete at every moment', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.arriveAt(id, 'await-nodes')
    await stage.delete(instanceId)
    await worker.settle()
    assert.equal(await outcome(id), 'cancelled')
    assert.deepEqual(stage.simulated.population.of(instanceId), [])
  })
})

describe('find-data', () => {
  test('never starts a node empty whose data is gone: the Instance is in Error and says what to do', async () => {
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.settle()
    assert.equal(await outcome(id), 'failed')
    const { state, stateReason } = await instance()
    assert.equal(state, 'Error')
    assert.match(
      stateReason ?? '',
      /The data of node 2 is no longer where it was.*Put its folder back and retry, or delete/,
    )
    assert.deepEqual(stage.ledger, [])
  })

  test('goes on by a retry when the data is back', async () => {
    const spec = stage.simulated.population.of(instanceId)[1]!.spec
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.settle()
    stage.simulated.adopt([spec])
    stage.simulated.killNode(instanceId, 2)
    await stage.control(id, 'retry')
    assert.equal((await instance()).state, 'Running')
    await worker.settle()
    assert.equal(await outcome(id), 'succeeded')
    assert.deepEqual(started(), [2])
  })

  test('leaves a delete open', async () => {
    stage.simulated.loseNode(instanceId, 2)
    await stage.heal(instanceId)
    await worker.settle()
    await stage.delete(instanceId)
    await worker.settle()
    assert.deepEqual(stage.simulated.population.of(instanceId), [])
  })
})

describe('stand-down', () => {
  test('leaves the nodes as they are and the Instance Running', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await stage.control(id, 'cancel')
    await worker.settle()
    assert.equal(await outcome(id), 'cancelled')
    assert.equal((await instance()).state, 'Running')
    assert.deepEqual(stage.ledger, [])
  })

  test('leads out of Error', async () => {
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.settle()
    await stage.control(id, 'cancel')
    await worker.settle()
    assert.deepEqual([(await instance()).state, (await instance()).stateReason], ['Running', null])
  })
})
