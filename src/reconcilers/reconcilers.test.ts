import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { subjectsOf } from '../../test/harness/rounds.ts'
import { makeWorker } from '../../test/harness/worker.ts'
import { makeStage, type Stage } from '../../test/harness/world.ts'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Reconciler, Round, Subject } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { insertEvent } from '../store/events.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import { findOpenOperation, getOperation, listOperations } from '../store/operations.ts'
import { makeHealNodes } from './heal-nodes.ts'
import { makeMeasureInstances } from './measure-instances.ts'
import { observeInstances } from './observe-instances.ts'
import { pruneHistory } from './prune-history.ts'

const healNodes = makeHealNodes()
const measureInstances = makeMeasureInstances()

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

async function doRound<S extends Subject, F>(reconciler: Reconciler<World, S, F>): Promise<string[]> {
  const subjects = await subjectsOf(reconciler, round)
  const found = await Promise.all(subjects.map((subject) => reconciler.reconcile(round, subject)))
  await reconciler.record?.(
    round,
    found.filter((finding) => finding !== undefined),
  )
  return subjects.map(({ id }) => id)
}

const instance = () => getInstance(stage.db, instanceId)
const nodeHealths = async () => (await listNodes(stage.db, instanceId)).map(({ health }) => health)
const healthEvents = async () => {
  const query = stage.db.selectFrom('events').select('message').where('instance_id', '=', instanceId)
  const rows = await query.where('kind', '=', 'instance.health').orderBy('id').execute()
  return rows.map(({ message }) => message)
}

describe('observing Instances', () => {
  test('says that all is well, and writes nothing twice', async () => {
    await doRound(observeInstances)
    const before = [await instance(), await listNodes(stage.db, instanceId)]
    stage.pass(3_000)
    assert.deepEqual(await doRound(observeInstances), [instanceId])
    assert.deepEqual([await instance(), await listNodes(stage.db, instanceId)], before)
    assert.deepEqual(await healthEvents(), [])
    assert.equal((await instance()).health, 'healthy')
  })

  test('says again after a minute how old its knowledge is, without an event', async () => {
    const { observedAt } = await instance()
    stage.pass(61_000)
    await doRound(observeInstances)
    assert.ok((await instance()).observedAt!.getTime() > observedAt!.getTime())
    assert.deepEqual(await healthEvents(), [])
  })

  test('sees a node that stopped, says why, tells it once, and sees it come back', async () => {
    stage.simulated.killNode(instanceId, 2)
    await doRound(observeInstances)
    await doRound(observeInstances)
    assert.deepEqual(await nodeHealths(), ['running', 'stopped', 'running'])
    const [, node] = await listNodes(stage.db, instanceId)
    assert.match(node?.healthReason ?? '', /ended from outside/)
    assert.equal(node?.usage, null)
    const { health, healthReason, state } = await instance()
    assert.deepEqual([health, state], ['degraded', 'Running'])
    assert.match(healthReason ?? '', /^2 of 3 nodes answer; waiting for node 2/)
    assert.equal((await healthEvents()).length, 1)

    await stage.heal(instanceId)
    await makeWorker(stage).settle()
    await doRound(observeInstances)
    assert.deepEqual(await nodeHealths(), ['running', 'running', 'running'])
    assert.equal((await instance()).health, 'healthy')
  })

  test('tells a node that hangs from one that stopped, and since when', async () => {
    stage.simulated.troubleNode(instanceId, 3, 'hangs')
    await doRound(observeInstances)
    assert.deepEqual(await nodeHealths(), ['running', 'running', 'unreachable'])
    assert.equal((await instance()).health, 'degraded')
    const since = async () => (await listNodes(stage.db, instanceId))[2]?.silentSince
    const first = await since()
    assert.ok(first)
    stage.pass(3_000)
    await doRound(observeInstances)
    assert.deepEqual(await since(), first)
    stage.simulated.troubleNode(instanceId, 3, null)
    await doRound(observeInstances)
    assert.equal(await since(), null)
  })

  test('tells no event when only the reason changes', async () => {
    stage.simulated.troubleNode(instanceId, 3, 'hangs')
    await doRound(observeInstances)
    assert.match((await instance()).healthReason ?? '', /no answer in time/)
    stage.simulated.killNode(instanceId, 3)
    await doRound(observeInstances)
    assert.match((await instance()).healthReason ?? '', /connection refused/)
    assert.equal((await healthEvents()).length, 1)
  })

  test('is down when no quorum is left', async () => {
    for (const kafkaId of [1, 2]) stage.simulated.killNode(instanceId, kafkaId)
    await doRound(observeInstances)
    assert.equal((await instance()).health, 'down')
    assert.match((await healthEvents()).join(), /^Health: down, 1 of 3 nodes answer/)
  })

  test('looks at what should serve only', async () => {
    await stage.create()
    assert.deepEqual(await doRound(observeInstances), [instanceId])
    await stage.delete(instanceId)
    assert.deepEqual(await doRound(observeInstances), [])
  })

  test('tells nothing of an Instance that was deleted while it looked', async () => {
    const [subject] = await subjectsOf(observeInstances, round)
    await stage.delete(instanceId)
    await makeWorker(stage).settle()
    await observeInstances.reconcile(round, subject!)
    assert.deepEqual(await healthEvents(), [])
  })
})

describe('measuring Instances', () => {
  test('writes what Kafka counts, without calling that a change', async () => {
    const { updatedAt } = await instance()
    assert.deepEqual(await doRound(measureInstances), [instanceId])
    const { statistics, updatedAt: after } = await instance()
    assert.ok(statistics && statistics.topicCount > 0 && statistics.partitionCount > 0)
    assert.deepEqual(after, updatedAt)
  })

  test('leaves out what is down, and nodes that do not run', async () => {
    stage.simulated.killNode(instanceId, 3)
    await doRound(observeInstances)
    await doRound(measureInstances)
    assert.ok((await instance()).statistics)
    stage.simulated.killNode(instanceId, 1)
    await doRound(observeInstances)
    assert.deepEqual(await doRound(measureInstances), [])
  })
})

describe('healing nodes', () => {
  const heals = async () => (await listOperations(stage.db, { ...query, instanceId })).total
  /** As an earlier Millrace left it: seen, and nothing begun. */
  const stoppedUnhealed = async () => {
    stage.simulated.killNode(instanceId, 2)
    const [node] = (await listNodes(stage.db, instanceId)).filter(({ kafkaId }) => kafkaId === 2)
    await updateNodeSeen(stage.db, node!, { ...node!, health: 'stopped', observedAt: stage.now() })
  }
  const query = { kind: 'heal-instance', page: 1, size: 10, environmentId: '' }
  beforeEach(() => (query.environmentId = stage.environmentId))

  test('begins with the look that sees a node stopped, once, in the name of Millrace itself', async () => {
    assert.deepEqual(await doRound(healNodes), [])
    stage.simulated.killNode(instanceId, 2)
    await doRound(observeInstances)
    assert.deepEqual(await doRound(healNodes), [])
    await doRound(observeInstances)
    assert.equal(await heals(), 1)
    const open = await findOpenOperation(stage.db, instanceId)
    assert.deepEqual([open?.kind, open?.actor], ['heal-instance', 'millrace'])
    const audit = stage.db.selectFrom('audit_events').select('actor').where('operation_id', '=', open!.id)
    assert.deepEqual(await audit.execute(), [{ actor: 'millrace' }])
    await makeWorker(stage).settle()
    assert.equal((await instance()).health, 'healthy')
    assert.deepEqual(await doRound(healNodes), [])
  })

  test('begins with the next round when the look could not begin it', async () => {
    await stoppedUnhealed()
    assert.deepEqual(await doRound(healNodes), [instanceId])
    assert.equal(await heals(), 1)
  })

  test('begins when a node has hung for long, and not before', async () => {
    stage.simulated.troubleNode(instanceId, 2, 'hangs')
    await doRound(observeInstances)
    stage.pass(15_000)
    await doRound(observeInstances)
    assert.deepEqual(await doRound(healNodes), [])
    stage.pass(5_000)
    assert.deepEqual(await doRound(healNodes), [instanceId])
  })

  test('lets a person who came first have the Instance', async () => {
    await stoppedUnhealed()
    const [subject] = await subjectsOf(healNodes, round)
    await stage.delete(instanceId)
    await healNodes.reconcile(round, subject!)
    assert.equal((await findOpenOperation(stage.db, instanceId))?.kind, 'delete-instance')
    await makeWorker(stage).settle()
    await healNodes.reconcile(round, subject!)
    assert.equal(await heals(), 0)
  })

  test('respects a cancel for ten minutes', async () => {
    stage.simulated.killNode(instanceId, 2)
    await doRound(observeInstances)
    await stage.control((await findOpenOperation(stage.db, instanceId))!.id, 'cancel')
    await makeWorker(stage).settle()
    assert.deepEqual(await doRound(healNodes), [])
    stage.pass(9 * 60_000)
    assert.deepEqual(await doRound(healNodes), [])
    stage.pass(60_000)
    assert.deepEqual(await doRound(healNodes), [instanceId])
    assert.equal(await heals(), 2)
  })

  test('does not begin again what failed, for a person decides; its nodes are looked after all the same', async () => {
    const id = await stage.heal(instanceId)
    const refusing = makeWorker(stage, {
      aroundStep: () => Promise.reject(new AppError('invalid', 'Test.Refused', 'The test refuses it.')),
    })
    await refusing.work()
    stage.simulated.killNode(instanceId, 2)
    await doRound(observeInstances)
    await doRound(observeInstances)
    assert.deepEqual(await doRound(healNodes), [])
    await makeWorker(stage).settle()
    const [, node] = await stage.simulated.provider.inspectNodes(instanceId)
    assert.equal(node?.process, 'running')
    assert.deepEqual([(await instance()).state, (await getOperation(stage.db, id)).outcome], ['Error', 'failed'])
    assert.equal(await heals(), 1)
  })
})

describe('pruning history', () => {
  test('forgets events after a month and keys after a day, and nothing younger', async () => {
    const about = { environmentId: stage.environmentId, instanceId: null, operationId: null, kind: 'test' }
    const day = 24 * 3_600_000
    for (const age of [29, 31]) {
      const createdAt = new Date(stage.now().getTime() - age * day)
      await stage.db.transaction().execute((tx) => insertEvent(tx, { ...about, message: `${age} days`, createdAt }))
    }
    for (const age of [0.9, 1.1]) {
      const row = { actor: 'a', key: `${age} days`, request_hash: 'h', result_id: 'r' }
      const created_at = new Date(stage.now().getTime() - age * day)
      await stage.db
        .insertInto('idempotency_keys')
        .values({ ...row, created_at })
        .execute()
    }
    await doRound(pruneHistory)
    const events = await stage.db.selectFrom('events').select('message').where('kind', '=', 'test').execute()
    const keys = await stage.db.selectFrom('idempotency_keys').select('key').execute()
    assert.deepEqual([events, keys], [[{ message: '29 days' }], [{ key: '0.9 days' }]])
  })
})
