import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  assertSettles,
  endpoints,
  instance,
  instanceId,
  nodes,
  operation,
  stage,
  worker,
} from '../../../test/harness/running-instance.ts'
import { gentlyBytesPerSecond } from './pace.ts'

describe('moves of replicas', () => {
  const underWay = async () => stage.simulated.clusters.listReassignments(await endpoints())
  const moving = async (reservedAku = 8, step = 'spread-replicas') => {
    const id = await stage.change(instanceId, { reservedAku })
    await worker.arriveAt(id, step)
    stage.simulated.stallMoves(instanceId, true)
    while ((await underWay()).length === 0) {
      await worker.work()
      stage.pass(300)
    }
    return id
  }
  /** Past the patience of the waiting, look by look. */
  const wait = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 5) {
      stage.pass(5_000)
      await worker.work()
    }
  }

  test('are slowed while they go on, and not while the change stands still', async () => {
    await assertSettles(await stage.change(instanceId, { reservedAku: 8 }), 'succeeded')
    stage.pass(120_000)
    const id = await moving(6, 'move-replicas')
    assert.equal(stage.simulated.throttleOf(instanceId), gentlyBytesPerSecond)
    await stage.control(id, 'pause')
    await worker.work()
    assert.equal(stage.simulated.throttleOf(instanceId), null)
    assert.ok((await underWay()).length > 0, 'what is on its way goes on')
    await stage.control(id, 'resume')
    await worker.work()
    assert.equal(stage.simulated.throttleOf(instanceId), gentlyBytesPerSecond)
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'succeeded')
    assert.equal(stage.simulated.throttleOf(instanceId), null)
  })

  test('go one by one and slower at first onto a node that has just started', async () => {
    const id = await moving()
    assert.equal((await underWay()).length, 1)
    assert.ok(stage.simulated.throttleOf(instanceId)! < gentlyBytesPerSecond)
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'succeeded')
  })

  test('do not begin before a node that has just started is warm, and the wait says so', async () => {
    const id = await stage.change(instanceId, { reservedAku: 8 })
    await worker.arriveAt(id, 'await-added')
    const heard = new Set<string>()
    while ((await operation(id)).step === 'await-added') {
      heard.add((await operation(id)).waitingReason ?? '')
      assert.deepEqual(await underWay(), [])
      stage.pass(300)
      await worker.work()
    }
    const words = [...heard].filter((one) => one.includes('warm up'))
    assert.match(words[0] ?? '', /^The new nodes are in the cluster and warm up for \d+ s more before data moves\.$/)
    await assertSettles(id, 'succeeded')
  })

  test('go faster the longer they take, so that no producer keeps them away for ever', async () => {
    const id = await moving()
    await wait(60)
    const first = stage.simulated.throttleOf(instanceId)!
    assert.ok(first >= 2 * gentlyBytesPerSecond, `${first} bytes a second`)
    await wait(60)
    assert.ok(stage.simulated.throttleOf(instanceId)! >= 2 * first)
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'succeeded')
    assert.equal(stage.simulated.throttleOf(instanceId), null)
  })

  test('that take long say which partition comes onto which node, since when, and that no byte has moved', async () => {
    const id = await moving()
    const words = async () => (await operation(id)).waitingReason ?? ''
    assert.match(await words(), /^Moving partitions: 0 of \d+ done\.$/)
    await wait(60)
    assert.match(await words(), /Waits since 00:00:\d\d UTC for partition \d of topic simulated to come onto node 4\.$/)
    await wait(120)
    assert.match(await words(), /onto node 4\. No byte has moved for more than 2 minutes/)
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'succeeded')
  })

  test('of somebody else are let alone by a cancel, also of a change that has only waited for them', async () => {
    const moves = [{ topic: 'simulated', partition: 0, from: [1, 2, 3], to: [2, 1] }]
    stage.simulated.stallMoves(instanceId, true)
    const { clusters } = stage.simulated
    await clusters.throttleMoves(await endpoints(), { bytesPerSecond: 1, topics: ['simulated'] })
    await clusters.reassign(await endpoints(), moves)
    const id = await stage.change(instanceId, { restart: 'all' })
    await wait(10)
    assert.match((await operation(id)).waitingReason ?? '', /^Waits for 1 partitions that are being moved/)
    await stage.control(id, 'cancel')
    await wait(10)
    assert.deepEqual([(await underWay()).length, stage.simulated.throttleOf(instanceId)], [1, 1])
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'cancelled')
  })

  test('of its own are given up by a cancel, and those of somebody else beside them are not', async () => {
    const id = await moving()
    const own = (await underWay()).map(({ partition }) => partition)
    const partition = [0, 1, 2].find((one) => !own.includes(one))!
    await stage.simulated.clusters.reassign(await endpoints(), [{ topic: 'simulated', partition, to: [2, 1] }])
    await stage.control(id, 'cancel')
    await wait(5)
    assert.deepEqual(
      (await underWay()).map((one) => one.partition),
      [partition],
    )
    stage.simulated.stallMoves(instanceId, false)
    await assertSettles(id, 'cancelled')
  })
})

describe('a resize', () => {
  test('gives the nodes of a second growth nothing of what Kafka keeps of those that left', async () => {
    for (const reservedAku of [10, 6, 10]) {
      await stage.change(instanceId, { reservedAku })
      await worker.settle()
    }
    const brokers = await endpoints()
    assert.equal(brokers.length, 5)
    for (const { kafkaId } of brokers) {
      const settings = await stage.simulated.clusters.describeSettings(brokers, kafkaId)
      assert.deepEqual(
        settings.filter(({ source }) => source === 'dynamic-broker'),
        [],
      )
    }
  })

  test('that shrinks is cancelled when one node is gone, and another was taken back: it goes too', async () => {
    await stage.change(instanceId, { reservedAku: 10 })
    await worker.settle()
    const id = await stage.change(instanceId, { reservedAku: 6 })
    await worker.arriveAt(id, 'remove-nodes')
    const { clusters } = stage.simulated
    const move = { topic: 'simulated', partition: 0, to: [1, 2, 5] }
    await clusters.reassign(await endpoints(), [move])
    await worker.arriveAt(id, 'move-replicas')
    assert.deepEqual(
      (await nodes()).map(({ kafkaId, intent }) => [kafkaId, intent]),
      [
        [1, 'stay'],
        [2, 'stay'],
        [3, 'stay'],
        [5, 'leave'],
      ],
    )
    await stage.control(id, 'cancel')
    await worker.settle()
    const { spec, nodeCount, state } = await instance()
    assert.deepEqual(
      [(await operation(id)).outcome, spec.reservedAku, nodeCount, state],
      ['cancelled', 6, 3, 'Running'],
    )
    assert.equal((await nodes()).length, 3)
  })
})
