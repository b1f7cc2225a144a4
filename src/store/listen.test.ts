import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { until } from '../../test/harness/until.ts'
import { listen, type Listener } from './listen.ts'

let database: TestDatabase
const listeners: Listener[] = []
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
// Also after a test that fails: a listener never ends by itself.
afterEach(() => Promise.all(listeners.splice(0).map((listener) => listener.close())))

type Ear = { listener: Listener; heard: string[]; connections(): number }

function earOn(channel: string, connection = database.connection): Ear {
  const heard: string[] = []
  let connections = 0
  const listener = listen({
    connection,
    channel,
    onNotification: (payload) => void heard.push(payload),
    onConnected: () => void connections++,
  })
  listeners.push(listener)
  return { listener, heard, connections: () => connections }
}

const notify = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`.execute(database.db)

const backends = async (channel: string) => {
  const query = `listen "${channel}"`
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where query = ${query} and datname = current_database()`.execute(database.db)
  return rows.map(({ pid }) => pid)
}

describe('a listener', () => {
  test('hears its channel, in order, and no other', async () => {
    const ear = earOn('mine')
    await until(() => ear.connections() === 1)
    await notify('other', 'not for me')
    await notify('mine', '1')
    await notify('mine', '')
    await until(() => ear.heard.length === 2)
    assert.deepEqual(ear.heard, ['1', ''])
  })

  test('takes up again by itself when its connection is cut, and says so', async () => {
    const ear = earOn('cut')
    await until(() => ear.connections() === 1)
    for (const pid of await backends('cut')) await sql`select pg_terminate_backend(${pid})`.execute(database.db)
    await until(() => ear.connections() === 2)
    await notify('cut', 'again')
    await until(() => ear.heard.length === 1)
    assert.deepEqual(ear.heard, ['again'])
  })

  test('has one connection, and none after its end', async () => {
    const ear = earOn('ends')
    await until(() => ear.connections() === 1)
    assert.equal((await backends('ends')).length, 1)
    await ear.listener.close()
    await until(async () => (await backends('ends')).length === 0)
  })

  test('can be closed before it is connected', async () => {
    const ear = earOn('early')
    await ear.listener.close()
    await until(async () => (await backends('early')).length === 0)
    assert.equal(ear.connections(), 0)
  })

  test('goes on trying where nobody answers', async () => {
    const name = `later_${randomBytes(6).toString('hex')}`
    const ear = earOn('later', { ...database.connection, database: name })
    await sql.raw(`create database ${name}`).execute(database.db)
    await until(() => ear.connections() === 1)
    await ear.listener.close()
    await sql.raw(`drop database ${name} with (force)`).execute(database.db)
  })
})
