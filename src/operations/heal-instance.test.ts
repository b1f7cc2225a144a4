import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  assertSettles,
  instance,
  instanceId,
  nodes,
  operation,
  see,
  stage,
  started,
  watch,
  worker,
} from '../../test/harness/running-instance.ts'
import { makeWorker } from '../../test/harness/worker.ts'
import type { Observation } from '../domain/observation.ts'
import { updateInstanceHealth } from '../store/instances.ts'
import { healInstance } from './heal-instance.ts'

// Everything has run for a while.
beforeEach(() => stage.pass(120_000))

describe('healing', () => {
  test('starts the stopped node, leaves the others alone, and proves the whole', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    assert.equal((await instance()).state, 'Running')
    await assertSettles(id, 'succeeded')
    assert.deepEqual(started(), [2])
    assert.deepEqual([(await instance()).state, (await instance()).health], ['Running', 'healthy'])
    assert.ok((await operation(id)).notes['canary'])
  })

  test('starts all nodes after a restart of the machine', async () => {
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(instanceId, kafkaId)
    await stage.heal(instanceId)
    await worker.settle()
    assert.deepEqual(started(), [1, 2, 3])
    assert.deepEqual(
      (await nodes()).map(({ health }) => health),
      ['running', 'running', 'running'],
    )
  })

  test('of what is well changes nothing', async () => {
    const id = await stage.heal(instanceId)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(stage.ledger, [])
  })

  test('gives way to a delete at every moment', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await worker.arriveAt(id, 'await-nodes')
    await stage.delete(instanceId)
    await assertSettles(id, 'cancelled')
    assert.deepEqual(stage.simulated.population.of(instanceId), [])
  })
})

describe('a node whose data is gone', () => {
  const losses = {
    'with its folder': () => stage.simulated.loseNode(instanceId, 2),
    alone: () => stage.simulated.loseStorage(instanceId, 2),
  }
  const words = /The data of node 2 is gone, so it is not started empty\. It is tried again by itself\./
  /** What a healing that goes on and on does in so long. */
  const healFor = async (seconds: number) => {
    const id = await stage.heal(instanceId)
    await watch(seconds * 1_000, 1_000)
    return id
  }

  for (const [how, lose] of Object.entries(losses)) {
    test(`${how} is never started empty: its healing waits in words that name it`, async () => {
      lose()
      const { outcome, waitingReason } = await operation(await healFor(120))
      assert.equal(outcome, 'active')
      assert.match(waitingReason ?? '', words)
      assert.deepEqual(stage.ledger, [])
      assert.equal((await instance()).state, 'Running')
    })
  }

  test('keeps no other down: those that have theirs are started, also one that stops later', async () => {
    for (const kafkaId of [1, 3]) stage.simulated.killNode(instanceId, kafkaId)
    stage.simulated.loseNode(instanceId, 2)
    const id = await healFor(60)
    assert.deepEqual(started(), [1, 3])
    stage.simulated.killNode(instanceId, 3)
    await watch(5_000, 1_000)
    assert.deepEqual(started(), [1, 3, 3])
    assert.match((await operation(id)).waitingReason ?? '', words)
  })

  test('comes back by itself when its data does', async () => {
    const spec = stage.simulated.population.of(instanceId)[1]!.spec
    stage.simulated.loseNode(instanceId, 2)
    const id = await healFor(10)
    stage.simulated.adopt([spec])
    stage.simulated.killNode(instanceId, 2)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(started(), [2])
  })

  test('leaves a delete open', async () => {
    stage.simulated.loseNode(instanceId, 2)
    await healFor(10)
    await stage.delete(instanceId)
    await worker.settle()
    assert.deepEqual(stage.simulated.population.of(instanceId), [])
  })
})

describe('a node that cannot be started', () => {
  test('is tried after a pause that grows, in words that say why, while another that stops comes back at once', async () => {
    stage.simulated.killNode(instanceId, 2)
    stage.simulated.faults.add({ call: 'ensureNode', instanceId, kafkaId: 2, effect: 'fails', times: Infinity })
    const id = await stage.heal(instanceId)
    await watch(65_000, 1_000)
    stage.simulated.killNode(instanceId, 3)
    await watch(4_000, 1_000)
    assert.deepEqual(started(), [3])
    const { waitingReason, failures } = await operation(id)
    assert.match(waitingReason ?? '', /^Node 2 cannot be started: The simulated world was told to fail/)
    assert.equal(failures, 0)
    stage.simulated.faults.clear()
    await assertSettles(id, 'succeeded')
  })
})

describe('stand-down', () => {
  test('leaves the nodes as they are and the Instance Running', async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    await stage.control(id, 'cancel')
    await assertSettles(id, 'cancelled')
    assert.equal((await instance()).state, 'Running')
    assert.deepEqual(stage.ledger, [])
  })
})

/** The node hangs, and the standing look has seen it silent for so long. */
async function hangFor(kafkaId: number, seconds: number): Promise<void> {
  stage.simulated.troubleNode(instanceId, kafkaId, 'hangs')
  await sawSilent(kafkaId, seconds)
}

const sawSilent = (kafkaId: number, seconds: number) =>
  see(kafkaId, { health: 'unreachable', silentSince: new Date(stage.now().getTime() - seconds * 1000) })

const sawDown = () =>
  updateInstanceHealth(stage.db, instanceId, { health: 'down', healthReason: 'no quorum', observedAt: stage.now() })

const acts = () => stage.ledger.map(({ act, kafkaId }) => `${act} ${kafkaId}`)

describe('restart-hung', () => {
  test('ends the node that hangs and starts it again, the others never', async () => {
    await hangFor(2, 20)
    const id = await stage.heal(instanceId)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(acts(), ['stopped 2', 'started 2'])
    assert.equal((await instance()).health, 'healthy')
    const words = worker.of('restart-hung').map((one) => ('why' in one ? one.why : one.kind))
    assert.match(words[0] ?? '', /Node 2 does not answer and is being ended, to be started again/)
  })

  test('is announced only where a node hangs, and its start after it', async () => {
    await hangFor(2, 20)
    const planned = healInstance.plannedSteps!
    const before = await worker.arriveAt(await stage.heal(instanceId), 'await-nodes')
    assert.deepEqual(planned(before).slice(-4), ['ensure-nodes', 'await-nodes', 'verify', 'elect-leaders'])
    assert.ok(!planned(before).includes('restart-hung'))
    const hung = await worker.arriveAt(before.id, 'restart-hung')
    assert.deepEqual(planned(hung).slice(0, 2), ['restart-hung', 'ensure-nodes'])
    await assertSettles(before.id, 'succeeded')
  })

  test('gives a node its time first, while the words say for whom it waits', async () => {
    await hangFor(2, 5)
    const since = stage.now().getTime() - 5_000
    await stage.heal(instanceId)
    await worker.settle()
    assert.deepEqual(acts(), ['stopped 2', 'started 2'])
    assert.ok(stage.now().getTime() - since >= 20_000)
    const [first] = worker.of('await-nodes')
    assert.match(JSON.stringify(first), /2 of 3 nodes answer; waiting for node 2 \(no answer in time\)/)
  })

  test('leaves a node alone that answers after all', async () => {
    await sawSilent(2, 60)
    const id = await stage.heal(instanceId)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(acts(), [])
    const [, node] = await nodes()
    assert.deepEqual([node?.health, node?.silentSince], ['running', null])
  })

  test('ends all that hang at once when the Instance is down anyway', async () => {
    await hangFor(2, 30)
    await hangFor(3, 30)
    await sawDown()
    await stage.heal(instanceId)
    await worker.settle()
    assert.deepEqual(acts(), ['stopped 2', 'stopped 3', 'started 2', 'started 3'])
  })

  test('waits for another that is on its way back', async () => {
    stage.simulated.killNode(instanceId, 3)
    await see(3, { health: 'starting' })
    await hangFor(2, 30)
    await stage.heal(instanceId)
    await worker.work()
    assert.deepEqual(acts(), ['started 3'])
  })

  test('does not end a node that the others still count on, and says so', async () => {
    await hangFor(2, 30)
    const counting = makeWorker(stage, {
      // One that is silent to Millrace alone: partitions that would be too few without it are still whole.
      async aroundCall({ name }, work) {
        const answer = await work()
        if (name !== 'observe') return answer
        const observation = answer as Observation
        const partitions = observation.partitions.map((one) => ({ ...one, leader: 2, inSync: [2] }))
        return { ...observation, partitions }
      },
    })
    const id = await stage.heal(instanceId)
    await counting.work()
    const { step, waitingReason } = await operation(id)
    assert.equal(step, 'restart-hung')
    assert.match(
      waitingReason ?? '',
      /Node 2 does not answer\. It is not ended yet: without node 2, 3 partitions would have too few/,
    )
    assert.deepEqual(acts(), [])
  })

  test('ends a node once when its worker dies in the middle', async () => {
    await hangFor(2, 30)
    const id = await stage.heal(instanceId)
    const first = makeWorker(stage, {
      async aroundCall({ name }, work, dying) {
        const answer = await work()
        return name === 'stopNode' ? await dying.die() : answer
      },
    })
    await first.work()
    stage.pass(31 * 60_000)
    await assertSettles(id, 'succeeded')
    assert.deepEqual(acts(), ['stopped 2', 'started 2'])
    await first.bury()
  })
})

describe('back-off', () => {
  /** Seconds until the node is back. */
  const healOnce = async () => {
    stage.simulated.killNode(instanceId, 2)
    const id = await stage.heal(instanceId)
    const before = stage.now().getTime()
    await worker.arriveAt(id, 'elect-leaders')
    const seconds = (stage.now().getTime() - before) / 1000
    await assertSettles(id, 'succeeded')
    return seconds
  }

  test('starts a node that stops again and again after a pause that grows, with its reason', async () => {
    const pauses: number[] = []
    for (let turn = 0; turn < 4; turn++) pauses.push(await healOnce())
    assert.ok(pauses[0]! < 2 && pauses[1]! < 2, String(pauses))
    assert.ok(pauses[2]! >= 4 && pauses[3]! >= 8 && pauses[3]! < 12, String(pauses))
    const words = worker.of('await-nodes').flatMap((one) => ('why' in one ? one.why : []))
    const again = words.find((one) => one.includes('again:'))
    assert.match(again ?? '', /Node 2 has stopped again: Its process was ended from outside.*2 times in ten minutes/)
  })

  test('keeps another that stops meanwhile waiting for nothing', async () => {
    for (let turn = 0; turn < 4; turn++) await healOnce()
    stage.ledger.splice(0)
    stage.simulated.killNode(instanceId, 2)
    await stage.heal(instanceId)
    await worker.work()
    stage.simulated.killNode(instanceId, 3)
    stage.pass(2_001)
    await worker.work()
    assert.deepEqual(started(), [3])
  })

  test('forgets after ten minutes', async () => {
    for (let turn = 0; turn < 3; turn++) await healOnce()
    stage.pass(10 * 60_000)
    assert.ok((await healOnce()) < 2)
  })

  test('does not keep an Instance down', async () => {
    for (let turn = 0; turn < 3; turn++) await healOnce()
    await sawDown()
    assert.ok((await healOnce()) < 2)
  })
})
