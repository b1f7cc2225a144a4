import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addInstance, addOperation, environmentId, makeStore, second, start } from '../../test/harness/rows.ts'
import { millraceItself } from '../domain/permission.ts'
import { listActivity } from './activity.ts'
import { insertAuditEvent } from './audit-events.ts'
import type { Database, Tx } from './database.ts'
import { deleteEventsBefore, eventRange, insertEvent, listEventsAfter, type Event } from './events.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

const event = (message: string, more: Partial<Event> = {}) => ({
  environmentId,
  instanceId: null,
  operationId: null,
  kind: 'test',
  message,
  createdAt: start,
  ...more,
})
const add = (message: string, more: Partial<Event> = {}) =>
  db.transaction().execute((tx) => insertEvent(tx, event(message, more)))
const newest = async () => (await eventRange(db)).newest

describe('the feed of events', () => {
  test('is empty at first', async () => assert.deepEqual(await eventRange(db), { oldest: 0, newest: 0 }))

  test('tells what came after an id, oldest first, as much as is asked for', async () => {
    const from = await newest()
    for (const message of ['one', 'two', 'three']) await add(message)
    const told = await listEventsAfter(db, environmentId, { after: from, limit: 10 })
    assert.deepEqual(
      told.map(({ message }) => message),
      ['one', 'two', 'three'],
    )
    assert.deepEqual(told[0], { id: told[0]!.id, ...event('one') })
    assert.deepEqual(await listEventsAfter(db, environmentId, { after: told[0]!.id, limit: 1 }), [told[1]])
    assert.deepEqual(await listEventsAfter(db, environmentId, { after: await newest(), limit: 10 }), [])
  })

  test('keeps environments apart', async () => {
    const from = await newest()
    await add('elsewhere', { environmentId: 'env-other' })
    assert.deepEqual(await listEventsAfter(db, environmentId, { after: from, limit: 10 }), [])
  })

  test('has nothing of a transaction that is undone', async () => {
    const from = await newest()
    const undone = db.transaction().execute(async (tx) => {
      await insertEvent(tx, event('undone'))
      throw new Error('undo')
    })
    await assert.rejects(undone, /undo/)
    assert.equal(await newest(), from)
  })

  test('shows ids in order: none appears behind one that was read already', async () => {
    const from = await newest()
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const slow = db.transaction().execute(async (tx) => {
      await insertEvent(tx, event('slow'))
      begun.resolve()
      await finish.promise
    })
    await begun.promise
    const quick = add('quick')
    assert.deepEqual(await listEventsAfter(db, environmentId, { after: from, limit: 10 }), [])
    finish.resolve()
    await Promise.all([slow, quick])
    assert.deepEqual(
      (await listEventsAfter(db, environmentId, { after: from, limit: 10 })).map(({ message }) => message),
      ['slow', 'quick'],
    )
  })

  test('is read without a gap by one who remembers the last id, while many write', async () => {
    const from = await newest()
    const read: number[] = []
    let last = from
    const readOn = async () => {
      for (const { id } of await listEventsAfter(db, environmentId, { after: last, limit: 1_000 }))
        read.push((last = id))
    }
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; index < 10; index++) await add(`${writer}.${index}`)
    })
    let isWriting = true
    const writing = Promise.all(writers).finally(() => (isWriting = false))
    while (isWriting) await readOn()
    await writing
    await readOn()
    const there = await listEventsAfter(db, environmentId, { after: from, limit: 1_000 })
    assert.equal(there.length, 80)
    assert.deepEqual(
      read,
      there.map(({ id }) => id),
    )
  })

  test('forgets what is older than it must keep', async () => {
    await add('old', { createdAt: second(-100) })
    await add('kept', { createdAt: second(-50) })
    assert.equal(await deleteEventsBefore(db, second(-50)), 1)
    assert.equal(await deleteEventsBefore(db, second(-50)), 0)
    const { oldest } = await eventRange(db)
    const [first] = await listEventsAfter(db, environmentId, { after: oldest - 1, limit: 1 })
    assert.ok(first)
    assert.notEqual(first.message, 'old')
  })
})

describe('the activity of an Instance', () => {
  const entry = (more: object) => ({ environmentId, action: 'instance.rename', actor: millraceItself, ...more })
  const renamed = async (tx: Tx, about: Pick<Event, 'instanceId' | 'createdAt'>) => {
    await insertAuditEvent(tx, { ...entry({}), operationId: null, ...about, detail: { after: { name: 'new' } } })
    await insertEvent(tx, event('renamed', about))
  }

  test('tells its events newest first, each with whom stands behind it', async () => {
    const { id: instanceId } = await addInstance(db)
    const { id: operationId } = await addOperation(db, { instanceId, actor: 'anna', outcome: 'succeeded' })
    await add('begun', { instanceId, operationId, createdAt: second(1) })
    await db.transaction().execute((tx) => renamed(tx, { instanceId, createdAt: second(2) }))
    await add('health', { instanceId, createdAt: second(3) })
    await add('of another')

    const { total, list } = await listActivity(db, { instanceId, page: 1, size: 2 })
    assert.equal(total, 3)
    assert.deepEqual(
      list.map(({ message, actor }) => [message, actor]),
      [
        ['health', null],
        ['renamed', 'millrace'],
      ],
    )
    const rest = await listActivity(db, { instanceId, page: 2, size: 2 })
    assert.deepEqual(
      rest.list.map(({ message, actor, operationId: of }) => [message, actor, of]),
      [['begun', 'anna', operationId]],
    )
  })
})

describe('the audit trail', () => {
  test('keeps who did what, from where, in the transaction of the deed', async () => {
    const actor = { name: 'anna', role: 'operator', source: '192.0.2.7' } as const
    const entry = {
      environmentId,
      action: 'instance.create',
      actor,
      instanceId: null,
      operationId: null,
      createdAt: start,
    }
    await db.transaction().execute((tx) => insertAuditEvent(tx, { ...entry, detail: { after: { name: 'orders' } } }))
    const undone = db.transaction().execute(async (tx) => {
      await insertAuditEvent(tx, { ...entry, action: 'instance.delete' })
      throw new Error('undo')
    })
    await assert.rejects(undone, /undo/)
    const rows = await db.selectFrom('audit_events').selectAll().where('actor', '=', 'anna').execute()
    assert.equal(rows.length, 1)
    const [{ action, source, detail, created_at } = assert.fail('no row')] = rows
    assert.deepEqual(
      { action, source, detail, created_at },
      { action: 'instance.create', source: '192.0.2.7', detail: { after: { name: 'orders' } }, created_at: start },
    )
  })
})
