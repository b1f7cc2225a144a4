import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { insertEvent, listEventsAfter, type Event } from '../../src/store/events.ts'
import { openDatabase } from '../../src/store/database.ts'
import { makeDatabase } from '../harness/database.ts'

/**
 * A process that is stopped between two statements of a transaction holds locks, among them the one that keeps events in
 * order, which every change waits for. The server must take them back from it, and it must survive that when it goes on.
 */
test('a transaction that stands still is ended by the server, and others go on', async () => {
  await using database = await makeDatabase()
  const stalled = openDatabase({ ...database.connection, idle_in_transaction_session_timeout: 300 })
  const [isIn, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const transaction = stalled.transaction().execute(async (tx) => {
    await insertEvent(tx, event('of the stopped one'))
    isIn.resolve()
    await goOn.promise
    await insertEvent(tx, event('of the stopped one, later'))
  })
  await isIn.promise
  await database.db.transaction().execute((tx) => insertEvent(tx, event('of another')))
  goOn.resolve()
  await assert.rejects(transaction)
  const events = await listEventsAfter(database.db, 'env', { after: 0, limit: 10 })
  assert.deepEqual(
    events.map(({ message }) => message),
    ['of another'],
  )
  await stalled.transaction().execute((tx) => insertEvent(tx, event('of the stopped one, afresh')))
  await stalled.destroy()
})

test('every connection of Millrace is under that limit', async () => {
  await using database = await makeDatabase()
  const setting = sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as "limit"`
  assert.deepEqual((await setting.execute(database.db)).rows, [{ limit: '10s' }])
})

const event = (message: string): Omit<Event, 'id'> => ({
  environmentId: 'env',
  instanceId: null,
  operationId: null,
  kind: 'test',
  message,
  createdAt: new Date('2026-01-01T00:00:00Z'),
})
