import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { insertEvent } from '../../../src/store/events.ts'
import { environmentId, makeApp, type TestApp } from '../../harness/app.ts'
import { createInstance, runInstance } from '../../harness/instances.ts'
import { openStream } from '../../harness/stream.ts'

const writeEvents = (app: TestApp, messages: string[]) =>
  app.database.db.transaction().execute(async (tx) => {
    for (const message of messages) {
      const about = { environmentId, instanceId: null, operationId: null, kind: 'test', createdAt: app.now() }
      await insertEvent(tx, { ...about, message })
    }
  })

describe('the stream', () => {
  test('tells a change as it happens, with all that a page needs to know', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const stream = await openStream(app.http, client)
    assert.equal(stream.status, 200)
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    assert.match(stream.headers.get('cache-control')!, /no-cache/)
    const hello = await stream.next()
    const instanceId = await createInstance(client)
    const { id, event, data } = await stream.next()
    assert.equal(event, 'change')
    assert.ok(Number(id) > Number(hello['id']))
    const change = JSON.parse(data!)
    assert.deepEqual(change, {
      id: Number(id),
      kind: 'operation.started',
      instanceId,
      operationId: change.operationId,
      message: 'Create Instance: begun by administrator',
      createdAt: app.now().toISOString(),
    })
    await stream.close()
  })

  test('tells every change once and in order, also of those that come together', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const stream = await openStream(app.http, client)
    await stream.next()
    const batches = Array.from({ length: 20 }, (_, batch) => writeEvents(app, [`${batch} a`, `${batch} b`]))
    await Promise.all(batches)
    const ids: number[] = []
    for (let count = 0; count < 40; count++) ids.push(Number((await stream.next())['id']))
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(ids).size, 40)
    await stream.close()
  })

  test('is the same for everybody', async () => {
    await using app = await makeApp()
    const streams = await Promise.all(
      [await app.signIn(), await app.signIn('viewer')].map((client) => openStream(app.http, client)),
    )
    for (const stream of streams) await stream.next()
    await writeEvents(app, ['something'])
    const messages = await Promise.all(streams.map((stream) => stream.next()))
    assert.deepEqual(messages[0], messages[1])
    await Promise.all(streams.map((stream) => stream.close()))
  })

  test('costs the database no query for a change beyond the one for all', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const streams = await Promise.all(Array.from({ length: 10 }, () => openStream(app.http, client)))
    for (const stream of streams) await stream.next()
    const before = await queriesOf(app)
    await writeEvents(app, ['something'])
    for (const stream of streams) await stream.next()
    assert.ok((await queriesOf(app)) - before < 10, 'fewer queries than readers')
    await Promise.all(streams.map((stream) => stream.close()))
  })
})

describe('a reader that comes back', () => {
  const asks = [
    ['the header', (id: string) => ({ headers: { 'last-event-id': id } })],
    ['the parameter', (id: string) => ({ query: `?lastEventId=${id}` })],
  ] as const
  for (const [how, ask] of asks) {
    test(`gets what it missed, by ${how}, and then what is new`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const first = await openStream(app.http, client)
      await first.next()
      await writeEvents(app, ['seen'])
      const { id } = await first.next()
      await first.close()
      await writeEvents(app, ['missed 1', 'missed 2'])
      const again = await openStream(app.http, client, ask(id!))
      await again.next()
      const missed = [await again.next(), await again.next()].map(({ data }) => JSON.parse(data!).message)
      assert.deepEqual(missed, ['missed 1', 'missed 2'])
      await writeEvents(app, ['new'])
      assert.equal(JSON.parse((await again.next())['data']!).message, 'new')
      await again.close()
    })
  }

  test('is told to reload when what it missed is no longer kept', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    // Without an announcement: the feed must not keep them in its memory.
    const old = {
      environment_id: environmentId,
      instance_id: null,
      operation_id: null,
      kind: 'test',
      created_at: app.now(),
    }
    const rows = ['old 1', 'old 2', 'old 3'].map((message) => ({ ...old, message }))
    await app.database.db.insertInto('events').values(rows).execute()
    await app.database.db.deleteFrom('events').where('id', '<', 3).execute()
    const stream = await openStream(app.http, client, { query: '?lastEventId=1' })
    assert.equal((await stream.next())['event'], 'reload')
    await stream.close()
  })

  test('is told to reload when its id is of another feed, or none', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await writeEvents(app, ['something'])
    for (const id of ['999999', 'abc']) {
      const stream = await openStream(app.http, client, { headers: { 'last-event-id': id } })
      assert.equal((await stream.next())['event'], 'reload')
      await stream.close()
    }
  })
})

describe('a stream ends', () => {
  test('when Millrace does', async () => {
    const app = await makeApp()
    const stream = await openStream(app.http, await app.signIn())
    await stream.next()
    await app[Symbol.asyncDispose]()
    await stream.ended()
  })

  test('when its session does, at the next heartbeat', async (t) => {
    await using app = await makeApp()
    const client = await app.signIn()
    mock.timers.enable({ apis: ['setInterval'] })
    t.after(() => mock.timers.reset())
    const stream = await openStream(app.http, client)
    await stream.next()
    mock.timers.tick(15_000)
    assert.equal((await stream.next())['comment'], 'heartbeat')
    await client.delete('/sessions/current')
    mock.timers.tick(15_000)
    await stream.ended()
  })

  test('when its reader is too far behind, and costs the others nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const [slow, quick] = [await openStream(app.http, client), await openStream(app.http, client)]
    await quick.next()
    const long = 'x'.repeat(20_000)
    for (let count = 0; count < 20; count++) {
      await writeEvents(app, [long])
      await quick.next()
    }
    await assert.rejects(async () => {
      for (let count = 0; count < 30; count++) await slow.next()
    }, /the stream has ended/)
    await quick.close()
  })
})

test('a stream does not keep a session open that nobody uses', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  const stream = await openStream(app.http, client)
  app.pass(12 * 3600)
  assert.equal((await client.get('/sessions/current')).status, 401)
  await stream.close()
})

describe('GET /events', () => {
  test('answers those after an id, oldest first, as many as asked for', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await runInstance(app, client)
    const { list } = (await client.get('/events')).body
    const rest = (await client.get(`/events?after=${list[1].id}&limit=2`)).body.list
    assert.deepEqual(rest, list.slice(2, 4))
  })

  for (const query of ['?after=x', '?after=-1', '?limit=0', '?limit=1001', '?colour=red']) {
    test(`refuses ${query} with 400`, async () => {
      await using app = await makeApp()
      assert.equal((await (await app.signIn()).get(`/events${query}`)).status, 400)
    })
  }
})

/** Statements that this database has run, by its own count of transactions. */
async function queriesOf(app: TestApp): Promise<number> {
  const { sql } = await import('kysely')
  await sql`select pg_stat_force_next_flush()`.execute(app.database.db)
  const { rows } = await sql<{ count: number }>`
    select (xact_commit + xact_rollback)::bigint as count from pg_stat_database where datname = current_database()`.execute(
    app.database.db,
  )
  return rows[0]!.count
}
