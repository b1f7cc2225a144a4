import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { listen, type Listener } from './listen.ts'

let database: TestDatabase
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())

type Ear = { listener: Listener; heard: string[]; connections(): number }

function earOn(channel: string): Ear {
  const heard: string[] = []
  let connections = 0
  const listener = listen({
    connection: database.connection,
    channel,
    onNotification: (payload) => void heard.push(payload),
    onConnected: () => void connections++,
  })
  return { listener, heard, connections: () => connections }
}

/** Real connections take real time: looks until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, 'it did not become so')
    await delay(10)
  }
}

const notify = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`.execute(database.db)

const listeners = async (channel: string) => {
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
    await ear.listener.close()
  })

  test('takes up again by itself when its connection is cut, and says so', async () => {
    const ear = earOn('cut')
    await until(() => ear.connections() === 1)
    for (const pid of await listeners('cut')) await sql`select pg_terminate_backend(${pid})`.execute(database.db)
    await until(() => ear.connections() === 2)
    await notify('cut', 'again')
    await until(() => ear.heard.length === 1)
    assert.deepEqual(ear.heard, ['again'])
    await ear.listener.close()
  })

  test('has one connection, and none after its end', async () => {
    const ear = earOn('ends')
    await until(() => ear.connections() === 1)
    assert.equal((await listeners('ends')).length, 1)
    await ear.listener.close()
    await until(async () => (await listeners('ends')).length === 0)
  })

  test('can be closed before it is connected', async () => {
    const ear = earOn('early')
    await ear.listener.close()
    await until(async () => (await listeners('early')).length === 0)
    assert.equal(ear.connections(), 0)
  })

  test('goes on trying where nobody answers', async () => {
    let connections = 0
    const listener = listen({
      connection: { ...database.connection, database: 'comes_later' },
      channel: 'later',
      onNotification() {},
      onConnected: () => void connections++,
    })
    await until(async () => (await sql`create database comes_later`.execute(database.db)) !== undefined)
    await until(() => connections === 1)
    await listener.close()
    await sql`drop database comes_later with (force)`.execute(database.db)
  })
})
