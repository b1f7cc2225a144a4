import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ledByAnother } from '../domain/preferred-leader.ts'
import { endpoints, instanceId, operation, stage, worker } from '../../test/harness/running-instance.ts'

describe('leaders', () => {
  const partitions = async () => (await stage.simulated.clusters.observe(await endpoints())).partitions

  test('are home when a roll is through, though each node lost its own on the way', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    await worker.arriveAt(id, 'await-node')
    assert.equal(ledByAnother(await partitions()).length, 0, 'a node that is away cannot lead')
    const led = (await partitions()).map(({ leader }) => leader)
    assert.equal(new Set(led).size, 2, 'two nodes lead three partitions')
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'succeeded')
    assert.ok((await partitions()).every(({ leader, replicas }) => leader === replicas[0]))
  })

  test('go home to a node that died and came back, before its healing ends', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.arriveAt(id, 'elect-leaders')
    assert.equal(ledByAnother(await partitions()).length, 1, 'others took over')
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'succeeded')
    assert.deepEqual(ledByAnother(await partitions()), [])
  })
})
