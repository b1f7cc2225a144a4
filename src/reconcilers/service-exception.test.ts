import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { subjectsOf } from '../../test/harness/rounds.ts'
import { makeWorker } from '../../test/harness/worker.ts'
import { makeStage, type Stage } from '../../test/harness/world.ts'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Round } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { getInstance, updateInstanceState } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'
import { findOpenOperation, getOperation } from '../store/operations.ts'
import { observeInstances } from './observe-instances.ts'

/** What the standing look makes of an Instance that cannot serve, and of nodes that are not as they should be. */
let database: TestDatabase
let stage: Stage
let round: Round<World>
let instanceId: InstanceId
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  stage = await makeStage(database.db)
  round = { ...stage, random: (bytes) => randomBytes(bytes) }
  instanceId = (await getOperation(stage.db, await stage.create())).instanceId
  await makeWorker(stage).settle()
})

/** The looks of so many seconds, one every three. */
async function lookFor(seconds: number): Promise<void> {
  for (let passed = 0; passed <= seconds; passed += 3) {
    const subjects = await subjectsOf(observeInstances, round)
    const found = await Promise.all(subjects.map((subject) => observeInstances.reconcile(round, subject)))
    await observeInstances.record!(
      round,
      found.filter((sight) => sight !== undefined),
    )
    stage.pass(3_000)
  }
}

const instance = () => getInstance(stage.db, instanceId)
const state = async () => (await instance()).state
const events = async (kind: string) => {
  const query = stage.db.selectFrom('events').select('message').where('instance_id', '=', instanceId)
  return (await query.where('kind', '=', kind).orderBy('id').execute()).map(({ message }) => message)
}
const killTwo = () => [1, 2].map((kafkaId) => stage.simulated.killNode(instanceId, kafkaId))

describe('a Service Exception', () => {
  test('is told with its cause when the Instance could not serve for half a minute, once', async () => {
    killTwo()
    await lookFor(27)
    assert.equal(await state(), 'Running')
    await lookFor(9)
    assert.equal(await state(), 'Error')
    assert.match((await instance()).stateReason ?? '', /cannot serve: 1 of 3 nodes answer; waiting for node 1, 2/)
    await lookFor(30)
    assert.equal((await events('instance.error')).length, 1)
  })

  test('ends by itself when the Instance serves again, while its healing goes on', async () => {
    killTwo()
    await lookFor(36)
    const healing = await findOpenOperation(stage.db, instanceId)
    assert.deepEqual([await state(), healing?.kind, healing?.outcome], ['Error', 'heal-instance', 'active'])
    await makeWorker(stage).settle()
    await lookFor(3)
    const { state: now, stateReason, downSince } = await instance()
    assert.deepEqual([now, stateReason, downSince], ['Running', null, null])
    assert.deepEqual(await events('instance.running'), [])
  })

  test('ends by the look when nobody heals it: what was away has come back', async () => {
    const specs = stage.simulated.population.of(instanceId).map(({ spec }) => spec)
    killTwo()
    await lookFor(36)
    stage.simulated.adopt(specs)
    await lookFor(3)
    assert.equal(await state(), 'Running')
    assert.deepEqual(await events('instance.running'), ['The Instance serves again.'])
  })

  test('refuses a change in words that say what to do, and lets a delete through', async () => {
    killTwo()
    await lookFor(36)
    await stage.control((await findOpenOperation(stage.db, instanceId))!.id, 'cancel')
    await makeWorker(stage).settle()
    await lookFor(3)
    assert.equal(await state(), 'Error')
    await stage.delete(instanceId)
    await makeWorker(stage).settle()
    assert.deepEqual(stage.simulated.population.of(instanceId), [])
  })

  test('of a failed Operation stays, however well the nodes are', async () => {
    const id = await stage.heal(instanceId)
    const refusing = makeWorker(stage, {
      aroundStep: () => Promise.reject(new AppError('invalid', 'Test.Refused', 'The test refuses it.')),
    })
    await refusing.work()
    assert.equal((await getOperation(stage.db, id)).outcome, 'failed')
    await lookFor(60)
    assert.equal(await state(), 'Error')
    assert.match((await instance()).stateReason ?? '', /The test refuses it/)
  })

  test('is not told of an Instance on which a change is at work', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    killTwo()
    await lookFor(60)
    const { state: now, health } = await instance()
    assert.deepEqual([now, health, (await getOperation(stage.db, id)).pausedAt], ['Changing', 'down', null])
  })

  test('is told with its cause while a change stands, and what is open then is said', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    await stage.control(id, 'pause')
    killTwo()
    await lookFor(36)
    assert.equal(await state(), 'Error')
    assert.match((await instance()).stateReason ?? '', /cannot serve: 1 of 3 nodes answer; waiting for node 1, 2/)
    await assert.rejects(() => stage.change(instanceId, { restart: [1] }), /Resume or cancel the change/)
    stage.simulated.adopt(stage.simulated.population.of(instanceId).map(({ spec }) => spec))
    await lookFor(3)
    assert.deepEqual([await state(), await events('instance.running')], ['Changing', ['The Instance serves again.']])
    await stage.control(id, 'resume')
    await makeWorker(stage).settle()
    assert.equal(await state(), 'Running')
  })

  test('ends when the change that stood goes on', async () => {
    const id = await stage.change(instanceId, { restart: 'all' })
    await stage.control(id, 'pause')
    killTwo()
    await lookFor(36)
    await stage.control(id, 'resume')
    await lookFor(3)
    assert.deepEqual([await state(), (await instance()).stateReason], ['Changing', null])
    await makeWorker(stage).settle()
    assert.equal(await state(), 'Running')
  })

  test('of a broker that answers and takes no record is mended by a restart, and nothing more may be changed', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'no-canary')
    await lookFor(99)
    assert.equal(await state(), 'Error')
    await assert.rejects(() => stage.change(instanceId, { reservedAku: 8 }), /can be restarted, given other settings/)
    stage.pass(1_000)
    const id = await stage.change(instanceId, { restart: [2] })
    await lookFor(3)
    assert.deepEqual([(await instance()).health, (await instance()).canaryProblem], ['healthy', null])
    await makeWorker(stage).settle()
    assert.equal((await getOperation(stage.db, id)).outcome, 'succeeded')
    assert.equal(await state(), 'Running')
  })
})

describe('a test record', () => {
  const canaries = async (seconds: number) => {
    let sent = 0
    const { canary } = stage.world.clusters
    const clusters = {
      ...stage.world.clusters,
      canary: (brokers: Parameters<typeof canary>[0]) => (sent++, canary(brokers)),
    }
    round = { ...round, world: { ...stage.world, clusters } }
    await lookFor(seconds)
    return sent
  }

  test('is sent once a minute while all is well', async () => {
    const sent = await canaries(600)
    assert.ok(sent >= 9 && sent <= 11, `${sent} in ten minutes`)
  })

  test('is sent while a change stands, or watches a new version, and not while it is at work', async () => {
    const id = await stage.change(instanceId, { restart: 'all' }, {})
    assert.equal(await canaries(180), 0)
    await stage.control(id, 'pause')
    assert.ok((await canaries(180)) >= 2)
    await stage.db.updateTable('operations').set({ paused_at: null, step: 'soak' }).where('id', '=', id).execute()
    assert.ok((await canaries(180)) >= 2)
  })

  test('that does not come back makes a Service Exception, is tried at every look, and ends it', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'no-canary')
    await canaries(60)
    assert.equal((await instance()).health, 'down')
    assert.ok((await canaries(30)) >= 9)
    assert.equal(await state(), 'Error')
    assert.match((await instance()).stateReason ?? '', /The canary record did not come back from node 2/)
    stage.simulated.troubleNode(instanceId, 2, null)
    await lookFor(3)
    const { state: now, health, canaryProblem } = await instance()
    assert.deepEqual([now, health, canaryProblem], ['Running', 'healthy', null])
  })
})

describe('drift', () => {
  const drifts = async () => (await listNodes(stage.db, instanceId)).map(({ drift }) => drift)
  const startOtherwise = async () => {
    const [first] = stage.simulated.population.of(instanceId)
    stage.simulated.adopt([{ ...first!.spec, configs: { 'num.io.threads': '9' } }])
  }

  test('is shown of a process that runs with other settings than its node should, and gone when it does not', async () => {
    await lookFor(0)
    assert.deepEqual(await drifts(), [null, null, null])
    const [first] = stage.simulated.population.of(instanceId)
    await startOtherwise()
    await lookFor(0)
    const [drift, ...others] = await drifts()
    assert.match(drift ?? '', /settings num\.io\.threads\. A restart puts that right/)
    assert.deepEqual(others, [null, null])
    stage.simulated.adopt([first!.spec])
    await lookFor(0)
    assert.deepEqual(await drifts(), [null, null, null])
  })

  test('is not shown while a change makes it', async () => {
    await stage.db.transaction().execute((tx) => {
      return updateInstanceState(tx, instanceId, { state: 'Changing', reason: null, now: stage.now() })
    })
    await startOtherwise()
    await lookFor(0)
    assert.deepEqual(await drifts(), [null, null, null])
  })
})
