import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  assertSettles,
  dieSeen,
  instanceId,
  operation,
  stage,
  started,
  watch,
  worker,
} from '../../../test/harness/running-instance.ts'
import type { ChangeWish } from '../../domain/change.ts'
import type { OperationId } from '../../domain/id.ts'

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
      const id = await stage.change(instanceId, wish as ChangeWish)
      await watch(90_000, 1_000)
      await assertWaiting(id)
      assert.deepEqual(stage.ledger, [])
    })
  }

  test('starts the others that have theirs, and goes on doing so', async () => {
    stage.simulated.loseNode(instanceId, 2)
    stage.simulated.killNode(instanceId, 1)
    const id = await stage.change(instanceId, { restart: [3] })
    await watch(60_000, 1_000)
    await assertWaiting(id)
    assert.deepEqual(started(), [1])
    stage.simulated.killNode(instanceId, 3)
    await watch(5_000, 1_000)
    assert.deepEqual(started(), [1, 3])
    await assertWaiting(id)
  })

  test('starts them also while it stands', async () => {
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.change(instanceId, { restart: [3] })
    await stage.control(id, 'pause')
    await dieSeen(3)
    await watch(40_000, 1_000)
    assert.deepEqual(started(), [3])
  })

  test('goes on by itself when its data is back', async () => {
    const spec = stage.simulated.population.of(instanceId)[1]!.spec
    stage.simulated.loseNode(instanceId, 2)
    const id = await stage.change(instanceId, { restart: [1] })
    await watch(10_000, 1_000)
    stage.simulated.adopt([spec])
    stage.simulated.killNode(instanceId, 2)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(started(), [2, 1])
  })
})

test('a roll does not start a node empty whose data goes while it restarts', async () => {
  const id = await stage.change(instanceId, { restart: [2] })
  await worker.arriveAt(id, 'restart-node')
  await worker.work()
  stage.simulated.loseStorage(instanceId, 2)
  await watch(90_000, 1_000)
  const { outcome, waitingReason, error } = await operation(id)
  assert.deepEqual([outcome, started()], ['active', []])
  assert.match(waitingReason ?? error?.message ?? '', /data of node 2 is gone/)
})
