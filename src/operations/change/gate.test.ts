import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertSettles, instanceId, operation, stage, watch, worker } from '../../../test/harness/running-instance.ts'
import type { OperationId } from '../../domain/id.ts'
import { changeProgress } from './change-progress.ts'

const progress = async (id: OperationId) => changeProgress(await operation(id), stage.now())!
const lastStarted = () => stage.ledger.findLast(({ act }) => act === 'started')!.kafkaId

describe('the gate report of a node', () => {
  test('tells what it waited for on both sides of its restart, and of every record', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first' })
    await worker.arriveAt(id, 'pick-node')
    stage.simulated.troubleNode(instanceId, 1, 'hangs')
    await watch(20_000)
    assert.match((await operation(id)).waitingReason ?? '', /waiting for node 1/)
    stage.simulated.troubleNode(instanceId, 1, null)
    await worker.arriveAt(id, 'await-node')
    const kafkaId = lastStarted()
    stage.pass(1_000)
    stage.simulated.troubleNode(instanceId, kafkaId, 'no-canary')
    await watch(30_000)
    const [underWay, none] = (await progress(id)).passages
    assert.deepEqual([underWay?.kafkaId, underWay?.fate, none], [kafkaId, 'under-way', undefined])
    assert.ok(underWay!.after.waitedMs >= 20_000)
    stage.simulated.troubleNode(instanceId, kafkaId, null)
    await worker.settle()

    const [passage, over] = (await progress(id)).passages
    assert.deepEqual([passage?.kafkaId, passage?.fate, over], [kafkaId, 'through', undefined])
    assert.ok(passage!.before.waitedMs >= 10_000 && passage!.after.waitedMs >= 20_000)
    assert.match(passage!.before.waitedFor[0]!.why, /waiting for node 1/)
    assert.match(passage!.after.waitedFor[0]!.why, new RegExp(`did not come back from node ${kafkaId}`))
    const { sent, readBack } = passage!.canary!
    assert.ok(readBack < sent && readBack > 0)
  })

  test('is kept where the roll stops, with all that it waited, and where it goes back', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' })
    await worker.arriveAt(id, 'await-node')
    const kafkaId = lastStarted()
    stage.simulated.troubleNode(instanceId, kafkaId, 'no-canary')
    await watch(320_000)
    assert.ok((await operation(id)).pausedAt)
    assert.ok((await progress(id)).passages[0]!.after.waitedMs >= 300_000)
    await stage.control(id, 'resume')
    await watch(100_000)
    assert.equal((await operation(id)).pausedAt, null, 'its patience begins anew')
    assert.ok((await progress(id)).passages[0]!.after.waitedMs >= 390_000)

    await stage.control(id, 'cancel')
    stage.simulated.troubleNode(instanceId, kafkaId, null)
    await worker.settle()
    const { passages } = await progress(id)
    assert.deepEqual(
      passages.map((passage) => [passage.kafkaId, passage.fate]),
      [
        [kafkaId, 'left'],
        [kafkaId, 'through'],
      ],
    )
    assert.ok(passages[0]!.tookMs >= 390_000)
    assert.match(passages[0]!.after.waitedFor[0]!.why, /did not come back/)
  })

  for (const [who, authenticationMethods, words] of [
    ['anybody', ['anonymous'], /did not come back from node|listener PLAINTEXT of node/],
    ['users', ['sasl'], /The listener SASL_PLAINTEXT of node \d does not answer clients/],
  ] as const) {
    test(`waits for the listener at which ${who} come in`, async () => {
      const security = { authenticationMethods: [...authenticationMethods] }
      const secured = (await operation(await stage.create({ features: { security } }))).instanceId
      await worker.settle()
      stage.pass(1_000)
      const id = await stage.change(secured, { restart: 'all' })
      await worker.arriveAt(id, 'await-node')
      stage.pass(1_000)
      stage.simulated.troubleNode(secured, lastStarted(), 'deaf')
      await watch(10_000)
      const { step, waitingReason } = await operation(id)
      assert.equal(step, 'await-node')
      assert.match(waitingReason ?? '', words)
      stage.simulated.troubleNode(secured, lastStarted(), null)
      await assertSettles(id, 'succeeded')
    })
  }
})

describe('a roll that goes on after a pause', () => {
  test('proves first that records get through', async () => {
    const id = await stage.change(instanceId, { version: '4.3.1' }, { pauseAfter: 'first' })
    await worker.settle()
    stage.simulated.troubleNode(instanceId, 1, 'no-canary')
    stage.pass(60_000)
    await stage.control(id, 'resume')
    await watch(10_000)
    assert.match((await operation(id)).waitingReason ?? '', /did not come back from node 1/)
    assert.equal(stage.ledger.filter(({ act }) => act === 'started').length, 1)
    stage.simulated.troubleNode(instanceId, 1, null)
    await assertSettles(id, 'succeeded')
  })

  test('begins where none get through when a person asked for the restart', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'no-canary')
    const id = await stage.change(instanceId, { restart: [2] })
    await assertSettles(id, 'succeeded')
  })

  test('does not begin where none get through', async () => {
    stage.simulated.troubleNode(instanceId, 1, 'no-canary')
    const id = await stage.change(instanceId, { version: '4.3.1' })
    await watch(10_000)
    const { step, waitingReason } = await operation(id)
    assert.deepEqual([step, stage.ledger.length], ['check', 0])
    assert.match(waitingReason ?? '', /Waits until the Instance serves/)
  })
})
