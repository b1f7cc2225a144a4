import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addInstance, anInstance, environmentId, makeStore, second } from '../../test/harness/rows.ts'
import type { TestDatabase } from '../../test/harness/database.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Database } from './database.ts'
import {
  findInstance,
  getInstance,
  holdInstance,
  insertInstance,
  listInstanceNames,
  listInstancesInState,
  lockInstance,
  updateInstanceHealth,
  updateInstanceWords,
  updateInstanceState,
} from './instances.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

const nobody = 'kf-0000000000000000' as InstanceId

type Becoming = { state: 'Deleted' | 'Running' | 'Error'; at: number; reason?: string }

const become = (id: InstanceId, { state, at, reason }: Becoming) =>
  db.transaction().execute((tx) => updateInstanceState(tx, id, { state, reason: reason ?? null, now: second(at) }))

describe('an Instance in the store', () => {
  test('comes back as it was written, what was never sent included', async () => {
    const full = anInstance({
      name: '订单-𠮷',
      description: 'with "quotes", % and 😀',
      spec: {
        reservedAku: 7,
        pricingMode: '',
        networks: [{ zone: 'a', subnet: 'subnet-a' }],
        nodeConfig: { instanceTypes: [] },
      },
      features: { instanceConfigs: [{ key: 'num.partitions', value: '3' }], schemaRegistryEnabled: false },
      tags: [{ name: 'team', value: 'shop' }],
      statistics: { topicCount: 1, partitionCount: 2, consumerGroupCount: 3, storageSize: 2 ** 45 },
      observedAt: second(1),
    })
    await db.transaction().execute((tx) => insertInstance(tx, full))
    assert.deepEqual(await getInstance(db, full.id), full)
    assert.deepEqual(await findInstance(db, full.id), full)

    const bare = await addInstance(db)
    assert.deepEqual(await getInstance(db, bare.id), bare)
  })

  test('that is not there is not found', async () => {
    assert.equal(await findInstance(db, nobody), undefined)
    const notFound = { kind: 'not-found', code: 'Instance.NotFound', message: `There is no Instance ${nobody}.` }
    await assert.rejects(getInstance(db, nobody), notFound)
    await assert.rejects(
      db.transaction().execute((tx) => lockInstance(tx, nobody)),
      notFound,
    )
  })

  test('that is deleted is a tombstone: found, but not got', async () => {
    const { id } = await addInstance(db)
    await become(id, { state: 'Deleted', at: 9 })
    const tombstone = await findInstance(db, id)
    assert.deepEqual([tombstone?.state, tombstone?.deletedAt], ['Deleted', second(9)])
    await assert.rejects(getInstance(db, id), { code: 'Instance.NotFound' })
    await assert.rejects(
      db.transaction().execute((tx) => lockInstance(tx, id)),
      { code: 'Instance.NotFound' },
    )
  })
})

describe('the name of an Instance', () => {
  test('is unique among the living of its environment', async () => {
    const { name } = await addInstance(db)
    await assert.rejects(addInstance(db, { name }), {
      kind: 'conflict',
      code: 'Instance.NameTaken',
      message: `There is an Instance named "${name}" already. Names are unique.`,
    })
    await addInstance(db, { name: name.toUpperCase() })
  })

  test('is free at once when its Instance is deleted', async () => {
    const { id, name } = await addInstance(db)
    await become(id, { state: 'Deleted', at: 1 })
    await addInstance(db, { name })
  })

  test('goes to one of two that ask for it at the same moment', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => addInstance(db, { name: 'wanted-by-all' })))
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected'])
    for (const result of results)
      if (result.status === 'rejected') assert.equal(result.reason.code, 'Instance.NameTaken')
  })

  test('may be given up by a transaction that is undone while another waits for it', async () => {
    const waiting = Promise.withResolvers<Promise<unknown>>()
    const undone = db.transaction().execute(async (tx) => {
      await insertInstance(tx, anInstance({ name: 'given-up' }))
      waiting.resolve(addInstance(db, { name: 'given-up' }))
      throw new Error('undo')
    })
    await assert.rejects(undone, /undo/)
    await waiting.promise
  })

  test('changes alone or with the remark, and is refused when another has it', async () => {
    const taken = await addInstance(db)
    const { id, name } = await addInstance(db)
    const rename = (names: { name?: string; description?: string }) =>
      db.transaction().execute((tx) => updateInstanceWords(tx, id, { ...names, now: second(5) }))

    await rename({ description: 'new remark' })
    assert.deepEqual(pick(await getInstance(db, id)), { name, description: 'new remark', updatedAt: second(5) })
    await rename({ name: 'new-name', description: '' })
    assert.deepEqual(pick(await getInstance(db, id)), { name: 'new-name', description: '', updatedAt: second(5) })
    await rename({ name: 'new-name' })
    await assert.rejects(rename({ name: taken.name }), { code: 'Instance.NameTaken' })
  })

  const pick = ({ name, description, updatedAt }: Awaited<ReturnType<typeof getInstance>>) => ({
    name,
    description,
    updatedAt,
  })

  test('is listed by id, tombstones included', async () => {
    const [living, dead] = [await addInstance(db), await addInstance(db)]
    await become(dead.id, { state: 'Deleted', at: 1 })
    assert.deepEqual(
      await listInstanceNames(db, [living.id, dead.id, nobody]),
      new Map([
        [living.id, living.name],
        [dead.id, dead.name],
      ]),
    )
    assert.deepEqual(await listInstanceNames(db, []), new Map())
  })
})

describe('the state of an Instance', () => {
  test('says since when it is so, and keeps that when only the reason changes', async () => {
    const { id } = await addInstance(db, { state: 'Creating' })
    await become(id, { state: 'Error', at: 3, reason: 'first' })
    await become(id, { state: 'Error', at: 8, reason: 'second' })
    const { state, stateReason, stateSince, updatedAt } = await getInstance(db, id)
    assert.deepEqual([state, stateReason, stateSince, updatedAt], ['Error', 'second', second(3), second(8)])
    await become(id, { state: 'Running', at: 9 })
    assert.deepEqual((await getInstance(db, id)).stateSince, second(9))
  })

  test('selects Instances', async () => {
    const erring = await addInstance(db, { state: 'Error' })
    const changing = await addInstance(db, { state: 'Changing' })
    const ids = (await listInstancesInState(db, environmentId, { states: ['Changing', 'Error'] })).map(({ id }) => id)
    assert.ok(ids.includes(erring.id) && ids.includes(changing.id))
    const others = await listInstancesInState(db, environmentId, { states: ['Deleting'] })
    assert.deepEqual(others, [])
    assert.deepEqual(await listInstancesInState(db, 'env-other', { states: ['Error'] }), [])
  })

  test('is held: another transaction that holds the Instance waits', async () => {
    const { id } = await addInstance(db)
    const order: string[] = []
    let later: Promise<void> | undefined
    await db.transaction().execute(async (tx) => {
      await holdInstance(tx, id)
      later = db.transaction().execute(async (other) => {
        await lockInstance(other, id)
        order.push('second')
      })
      order.push('first')
    })
    await later
    assert.deepEqual(order, ['first', 'second'])
  })
})

describe('what was seen of an Instance', () => {
  test('is no change of it', async () => {
    const before = await addInstance(db)
    await updateInstanceHealth(db, before.id, { health: 'down', healthReason: 'why', observedAt: second(7) })
    const now = await getInstance(db, before.id)
    const seen = { health: 'down', healthReason: 'why', downSince: second(7), observedAt: second(7) }
    assert.deepEqual(now, { ...before, ...seen })
  })

  test('says since when it is down, for as long as it is', async () => {
    const { id } = await addInstance(db)
    const downSince = async (health: 'down' | 'degraded' | 'healthy', at: number) => {
      await updateInstanceHealth(db, id, { health, healthReason: null, observedAt: second(at) })
      return (await getInstance(db, id)).downSince
    }
    assert.deepEqual(await downSince('down', 1), second(1))
    assert.deepEqual(await downSince('down', 2), second(1))
    assert.equal(await downSince('degraded', 3), null)
    assert.deepEqual(await downSince('down', 4), second(4))
    assert.equal(await downSince('healthy', 5), null)
  })

  test('keeps why no test record came back until one does', async () => {
    const { id } = await addInstance(db)
    const seen = { health: 'down', healthReason: 'why', observedAt: second(1) } as const
    await updateInstanceHealth(db, id, { ...seen, canaryProblem: 'lost' })
    assert.equal((await getInstance(db, id)).canaryProblem, 'lost')
    await updateInstanceHealth(db, id, { ...seen, health: 'healthy' })
    assert.equal((await getInstance(db, id)).canaryProblem, null)
  })
})
