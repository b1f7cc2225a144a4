import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instanceId, nodes, operation, stage, worker } from '../../test/harness/running-instance.ts'
import { findInstance } from '../store/instances.ts'
import { listSteps } from '../store/steps.ts'

const state = async () => (await findInstance(stage.db, instanceId))?.state
const population = () => stage.simulated.population.of(instanceId)
const rows = async () => (await nodes()).map(({ kafkaId }) => kafkaId)

describe('begin', () => {
  test('moves the Instance to Deleting and touches nothing of the world', async () => {
    await stage.delete(instanceId)
    assert.equal(await state(), 'Deleting')
    assert.equal(population().length, 3)
    assert.deepEqual(await rows(), [1, 2, 3])
  })

  test('cannot be taken back', async () => {
    const id = await stage.delete(instanceId)
    await assert.rejects(stage.control(id, 'cancel'), { code: 'Operation.NotAllowed', message: /data may be gone/ })
    await assert.rejects(stage.delete(instanceId), { code: 'Instance.Busy' })
  })
})

describe('release-nodes', () => {
  test('asks every node to stop, waits in words, and gives each address back when its node is gone', async () => {
    const id = await stage.delete(instanceId)
    await worker.work()
    const [outcome] = worker.of('release-nodes')
    assert.ok(outcome?.kind === 'wait')
    assert.match(outcome.why, /^Still there: the process of node 1 has 0\.1 s left to end by itself; .*node 2.*node 3/)
    assert.deepEqual(await rows(), [1, 2, 3])
    await worker.settle()
    assert.deepEqual([await state(), population(), await rows()], ['Deleted', [], []])
    assert.equal((await operation(id)).outcome, 'succeeded')
  })

  test('gives back the addresses of those that are gone while one stays', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'stays')
    const id = await stage.delete(instanceId)
    for (const _ of [1, 2, 3]) {
      await worker.work()
      stage.pass(400)
    }
    assert.deepEqual([await state(), await rows()], ['Deleting', [2]])
    assert.equal((await operation(id)).waitingReason, 'Still there: the folder of node 2 cannot be removed.')
    stage.simulated.troubleNode(instanceId, 2, null)
    await worker.settle()
    assert.equal(await state(), 'Deleted')
  })

  test('is late, and says so once, when a node stays for longer than its time', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'stays')
    const id = await stage.delete(instanceId)
    for (const _ of [1, 2, 3, 4]) {
      await worker.work()
      stage.pass(30_000)
    }
    assert.ok((await operation(id)).isOverdue)
    const told = await stage.db
      .selectFrom('events')
      .select('id')
      .where('operation_id', '=', id)
      .where('kind', '=', 'operation.overdue')
      .execute()
    assert.equal(told.length, 1)
  })

  test('succeeds with nodes that are gone already', async () => {
    for (const kafkaId of [1, 2, 3]) stage.simulated.loseNode(instanceId, kafkaId)
    await stage.delete(instanceId)
    await worker.settle()
    assert.deepEqual([await state(), await rows()], ['Deleted', []])
  })

  test('takes away also nodes that no row knows', async () => {
    const [node] = population()
    stage.simulated.adopt([{ ...node!.spec, kafkaId: 9, address: '10.1.99.99' }])
    await stage.delete(instanceId)
    await worker.settle()
    assert.deepEqual([await state(), population()], ['Deleted', []])
  })

  test('takes nodes of no other Instance', async () => {
    const other = (await operation(await stage.create())).instanceId
    await worker.settle()
    await stage.delete(instanceId)
    await worker.settle()
    assert.equal(stage.simulated.population.of(other).length, 3)
    assert.equal((await findInstance(stage.db, other))?.state, 'Running')
  })

  test('goes on after the provider failed', async () => {
    stage.simulated.faults.add({ call: 'removeNode', effect: 'fails', times: 5 })
    stage.simulated.faults.add({ call: 'inspectNodes', effect: 'fails', times: 2 })
    await stage.delete(instanceId)
    await worker.settle()
    assert.deepEqual([await state(), population(), await rows()], ['Deleted', [], []])
  })
})

describe('verify-gone', () => {
  test('looks once more, and takes away what came back meanwhile', async () => {
    const [node] = population()
    const id = await stage.delete(instanceId)
    await worker.arriveAt(id, 'verify-gone')
    stage.simulated.adopt([node!.spec])
    await worker.work()
    const [outcome] = worker.of('verify-gone')
    assert.equal(outcome?.kind, 'wait')
    await worker.settle()
    assert.deepEqual([await state(), population()], ['Deleted', []])
    const steps = (await listSteps(stage.db, id)).map(({ name, outcome: end }) => `${name} ${end}`)
    assert.deepEqual(steps, ['release-nodes next', 'verify-gone done'])
  })
})
