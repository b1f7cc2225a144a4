import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'

describe('users of an Instance', () => {
  let app: TestApp
  let client: Client
  let path: string
  let users: Set<string>

  before(async () => {
    app = await makeApp()
    client = await app.signIn()
    const instanceId = await runInstance(app, client)
    path = `/instances/${instanceId}/users`
    users = app.simulated.holdingsOf(instanceId as InstanceId).users
  })
  after(() => app[Symbol.asyncDispose]())
  beforeEach(async () => {
    users.clear()
    await app.database.db.deleteFrom('plain_verifiers').execute()
  })

  const password = 'not-a-real-password-1'
  const mechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN']
  const create = (name = 'svc-orders') => client.post(path, { name, password })

  test('are created without their password in the answer, and found by exactly their name', async () => {
    const { status, body } = await create()
    assert.deepEqual([status, body], [201, { name: 'svc-orders', supportedSaslMechanisms: mechanisms }])
    await create('svc-orders-2')
    const found = await client.get(`${path}?userNames=svc-orders`)
    assert.deepEqual([found.body.total, found.body.list], [1, [body]])
    const list = (await client.get(`${path}?keyword=orders-2`)).body.list
    assert.deepEqual(
      list.map(({ name }: { name: string }) => name),
      ['svc-orders-2'],
    )
    assert.deepEqual((await client.get(`${path}?userNames=nobody`)).body.list, [])
  })

  test('are listed by name either way, the very name first', async () => {
    for (const name of ['svc-b', 'svc-bb', 'svc-a']) users.add(name)
    const listed = async (query: string) =>
      (await client.get(`${path}?${query}`)).body.list.map(({ name }: { name: string }) => name)
    assert.deepEqual(await listed('sort=name'), ['svc-a', 'svc-b', 'svc-bb'])
    assert.deepEqual(await listed('sort=name&desc=true'), ['svc-bb', 'svc-b', 'svc-a'])
    assert.deepEqual(await listed('keyword=svc-b&desc=true'), ['svc-b', 'svc-bb'])
    assert.equal((await client.get(`${path}?sort=password`)).status, 400)
  })

  test('get a password that is shown this once when none is given, and another one on request', async () => {
    const made = await client.post(path, { name: 'svc-orders' })
    assert.match(made.body.password, /^\w{32}$/)
    assert.equal(made.headers.get('cache-control'), 'no-store')
    const rotated = await client.post(`${path}/svc-orders:rotate`, {})
    assert.equal(rotated.status, 200)
    assert.match(rotated.body.password, /^\w{32}$/)
    assert.notEqual(rotated.body.password, made.body.password)
    const given = await client.post(`${path}/svc-orders:rotate`, { password })
    assert.equal('password' in given.body, false)
    assert.ok(!(await client.get(path)).text.includes(made.body.password))
  })

  test('keep their names to themselves: 409, and 404 where there is none to rotate', async () => {
    await create()
    const again = await create()
    assert.deepEqual([again.status, again.body.error.code], [409, 'User.NameTaken'])
    const nobody = await client.post(`${path}/nobody:rotate`, {})
    assert.deepEqual([nobody.status, nobody.body.error.code], [404, 'User.NotFound'])
  })

  test('are deleted, once more without complaint, and can be made anew at once', async () => {
    await create()
    assert.equal((await client.delete(`${path}/svc-orders`)).status, 204)
    assert.equal((await client.delete(`${path}/svc-orders`)).status, 204)
    assert.equal((await create()).status, 201)
  })

  const verifiers = () => app.database.db.selectFrom('plain_verifiers').selectAll().execute()

  test('say which ways each can sign in by: who was made by Kafka’s own tools has no PLAIN', async () => {
    await create()
    users.add('by-kafka')
    const { list } = (await client.get(path)).body
    assert.deepEqual(list, [
      { name: 'by-kafka', supportedSaslMechanisms: ['SCRAM-SHA-512', 'SCRAM-SHA-256'] },
      { name: 'svc-orders', supportedSaslMechanisms: mechanisms },
    ])
    await client.post(`${path}/by-kafka:rotate`, { password })
    assert.deepEqual((await client.get(`${path}?userNames=by-kafka`)).body.list[0].supportedSaslMechanisms, mechanisms)
  })

  test('are gone for PLAIN too, also one whom Kafka has forgotten', async () => {
    await create()
    await create('svc-orders-2')
    users.delete('svc-orders-2')
    assert.equal((await verifiers()).length, 2)
    for (const name of ['svc-orders', 'svc-orders-2']) await client.delete(`${path}/${name}`)
    assert.deepEqual(await verifiers(), [])
  })

  test('are not made at all when the nodes cannot be told, so that the same request can be repeated', async () => {
    app.simulated.faults.add({ call: 'renewVerifiers', effect: 'fails', times: 1 })
    const first = await create()
    assert.equal(first.status, 503)
    assert.deepEqual([users.size, (await verifiers()).length], [0, 0])
    assert.equal((await create()).status, 201)
  })

  test('are told that SCRAM has their new password already when PLAIN has not', async () => {
    await create()
    app.simulated.faults.add({ call: 'renewVerifiers', effect: 'fails', times: 1 })
    const half = await client.post(`${path}/svc-orders:rotate`, {})
    assert.deepEqual([half.status, half.body.error.code], [503, 'User.HalfChanged'])
    assert.match(half.body.error.message, /svc-orders.*once more/)
    assert.equal((await client.post(`${path}/svc-orders:rotate`, {})).status, 200)
  })

  /** As when Millrace was killed before it could say that it is done, a while ago. */
  const forgetTheEnd = () => app.database.db.updateTable('idempotency_keys').set({ begun_until: app.now() }).execute()

  for (const isMade of [true, false]) {
    test(`are made by a repeat where Millrace was lost ${isMade ? 'after' : 'before'} it made them`, async () => {
      const key = { 'idempotency-key': `lost-${isMade}` }
      const ask = () => client.post(path, { name: 'svc-orders' }, key)
      const first = await ask()
      await forgetTheEnd()
      if (!isMade) users.clear()
      const again = await ask()
      assert.deepEqual([again.status, users.size, again.headers.get('idempotency-replayed')], [201, 1, null])
      assert.notEqual(again.body.password, first.body.password)
      const repeat = await ask()
      assert.deepEqual([repeat.status, repeat.headers.get('idempotency-replayed')], [201, 'true'])
      assert.ok(!('password' in repeat.body))
    })
  }

  test('are made once when two ask at once', async () => {
    const answers = await Promise.all([create(), client.post(path, { name: 'svc-orders', password: 'another-one-1' })])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
    const refused = answers.find(({ status }) => status === 409)!
    assert.match(refused.body.error.code, /^User\.(UnderWay|NameTaken)$/)
    assert.equal((await verifiers()).length, 1)
    assert.equal((await client.delete(`${path}/svc-orders`)).status, 204)
  })

  for (const name of ['team:orders', 'me@example.com', 'svc orders', 'größe', 'orders:rotate']) {
    test(`may be called ${name}, also in a path as it is`, async () => {
      const raw = `${path}/${encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%40', '@')}`
      assert.equal((await create(name)).status, 201)
      assert.deepEqual((await client.get(`${path}?userNames=${encodeURIComponent(name)}`)).body.list[0].name, name)
      const rotated = await client.post(`${raw}:rotate`, {})
      assert.deepEqual([rotated.status, rotated.body.name], [200, name])
      assert.equal((await client.delete(raw)).status, 204)
      assert.equal(users.size, 0)
    })
  }

  test('that somebody else made under any name can be taken away', async () => {
    users.add('CN=Größe, O=a/b:c?')
    assert.equal((await client.delete(`${path}/${encodeURIComponent('CN=Größe, O=a/b:c?')}`)).status, 204)
    assert.equal(users.size, 0)
  })

  const refusals: [string, unknown, string][] = [
    ['a short name', { name: 'abc', password }, 'name'],
    ['a name that cannot stand in a path', { name: 'svc/orders', password }, 'name'],
    ['a short password', { name: 'svc-orders', password: 'abc' }, 'password'],
    ['a long password', { name: 'svc-orders', password: 'x'.repeat(65) }, 'password'],
    ['another field', { name: 'svc-orders', password, role: 'admin' }, 'role'],
  ]
  for (const [what, body, field] of refusals) {
    test(`are not made with ${what}`, async () => {
      const answer = await client.post(path, body)
      assert.deepEqual([answer.status, answer.body.error.fields[0].path], [400, field])
      assert.ok(!answer.text.includes('x'.repeat(65)))
    })
  }

  test('leave no password anywhere', async () => {
    const given = 'Find-me-nowhere-4711'
    await client.post(path, { name: 'svc-orders', password: given }, { 'idempotency-key': 'user-once' })
    const made = (await client.post(`${path}/svc-orders:rotate`, {})).body.password
    const { db } = app.database
    for (const table of ['audit_events', 'events', 'idempotency_keys', 'operations', 'plain_verifiers'] as const) {
      const text = JSON.stringify(await db.selectFrom(table).selectAll().execute())
      assert.ok(!text.includes(given) && !text.includes(made), table)
    }
  })
})
