import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { createInstance, newInstance } from '../../harness/instances.ts'
import { makeSignedClient } from '../../harness/signed-client.ts'

const terraform = { name: 'terraform', role: 'operator' }

async function create(client: Client, more: Record<string, unknown> = {}) {
  const { status, body, text } = await client.post('/service-accounts', { ...terraform, ...more })
  assert.equal(status, 201, text)
  return { ...body, path: `/service-accounts/${body.serviceAccount.serviceAccountId}` }
}

/** May this key pair still ask? */
const opens = async (app: TestApp, pair: { accessKey: string; secretKey: string }) =>
  (await makeSignedClient(app, pair).get('/instances')).status === 200

describe('creating a service account', () => {
  test('201 answers the key pair this once, ready to sign with', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { status, headers, body } = await admin.post('/service-accounts', terraform)
    assert.equal(status, 201)
    assert.equal(headers.get('cache-control'), 'no-store')
    const { serviceAccount, keyPair } = body
    assert.match(keyPair.accessKey, /^[A-Z0-9]{16}$/)
    assert.match(keyPair.secretKey, /^[0-9a-f]{48}$/)
    assert.equal(headers.get('location'), `/api/v1/service-accounts/${serviceAccount.serviceAccountId}`)
    assert.deepEqual(serviceAccount, {
      serviceAccountId: serviceAccount.serviceAccountId,
      ...terraform,
      instanceIds: null,
      expiresAt: null,
      isDisabled: false,
      createdBy: 'administrator',
      createdAt: app.now().toISOString(),
      lastUsedAt: null,
      accessKeys: [
        { accessKey: keyPair.accessKey, createdAt: app.now().toISOString(), endsAt: null, lastUsedAt: null },
      ],
    })
    assert.ok(await opens(app, keyPair))
    const later = await admin.get(`/service-accounts/${serviceAccount.serviceAccountId}`)
    assert.ok(!later.text.includes(keyPair.secretKey))
    assert.equal(later.body.lastUsedAt, app.now().toISOString())
  })

  test('a repeat under its Idempotency-Key makes no second one, and cannot be told the secret half', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const ask = () => admin.post('/service-accounts', terraform, { 'idempotency-key': 'once' })
    const [first, second] = [await ask(), await ask()]
    assert.equal(second.body.keyPair, null)
    assert.equal(second.body.serviceAccount.serviceAccountId, first.body.serviceAccount.serviceAccountId)
    assert.equal((await admin.get('/service-accounts')).body.total, 1)
  })

  test('400 names each wrong field with its rule', async (t) => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const id = await createInstance(admin)
    const cases: [what: string, more: Record<string, unknown>, path: string, words: RegExp][] = [
      ['a short name', { name: 'ab' }, 'name', /3 to 64/],
      ['a name of strange letters', { name: 'a/b/c' }, 'name', /letters, digits/],
      ['a role that there is not', { role: 'root' }, 'role', /one of administrator, operator, viewer/],
      ['an end that has passed', { expiresAt: app.now().toISOString() }, 'expiresAt', /has passed/],
      ['an end that is no moment', { expiresAt: 'tomorrow' }, 'expiresAt', /2026-01-02T03:04:05Z/],
      ['no Instance at all', { instanceIds: [] }, 'instanceIds', /at least one/],
      ['an unknown Instance', { instanceIds: ['kf-0000000000000000'] }, 'instanceIds', /no Instance kf-0/],
      ['an administrator of one Instance', { role: 'administrator', instanceIds: [id] }, 'instanceIds', /whole/],
      ['an unknown field', { secretKey: 'mine' }, 'secretKey', /no field/],
    ]
    for (const [what, more, path, words] of cases) {
      await t.test(what, async () => {
        const { status, body } = await admin.post('/service-accounts', { ...terraform, ...more })
        assert.equal(status, 400)
        assert.equal(body.error.fields[0].path, path)
        assert.match(body.error.fields[0].message, words)
      })
    }
    assert.equal((await admin.get('/service-accounts')).body.total, 0)
  })

  test('409 for a name that is taken', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    await create(admin)
    const { status, body } = await admin.post('/service-accounts', terraform)
    assert.deepEqual([status, body.error.code], [409, 'ServiceAccount.NameTaken'])
  })
})

describe('a service account', () => {
  test('is shut out and let in again, ends at its time, and each change says how it was', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path, keyPair } = await create(admin)
    assert.equal((await admin.patch(path, { isDisabled: true })).body.isDisabled, true)
    assert.equal(await opens(app, keyPair), false)
    await admin.patch(path, { isDisabled: false })
    assert.ok(await opens(app, keyPair))
    const expiresAt = new Date(app.now().getTime() + 60_000).toISOString()
    assert.equal((await admin.patch(path, { expiresAt })).body.expiresAt, expiresAt)
    app.pass(59)
    assert.ok(await opens(app, keyPair))
    app.pass(1)
    assert.equal(await opens(app, keyPair), false)
    assert.equal((await admin.patch(path, { role: 'viewer' })).status, 200, 'its end may stay as it was')
    await admin.patch(path, { expiresAt: null })
    assert.ok(await opens(app, keyPair))

    const { list } = (await admin.get('/audit-events?action=service-account.change')).body
    assert.deepEqual(
      [list[0].subject, list[0].before.expiresAt, list[0].after.expiresAt],
      ['terraform', expiresAt, null],
    )
  })

  test('may from the next request on what its role and its Instances let it', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const id = await createInstance(admin)
    const { path, keyPair } = await create(admin, { role: 'viewer', instanceIds: [id] })
    const program = makeSignedClient(app, keyPair)
    const rename = () => program.patch(`/instances/${id}`, { name: 'payments' })
    assert.equal((await rename()).body.error.code, 'Member.NotPermitted')
    await admin.patch(path, { role: 'operator' })
    await app.settle()
    assert.equal((await rename()).status, 200)
    const another = () => program.post('/instances', newInstance({ name: 'shipping' }))
    assert.equal((await another()).body.error.code, 'ServiceAccount.OutOfScope')
    assert.equal((await admin.patch(path, { instanceIds: null })).body.instanceIds, null)
    assert.equal((await another()).status, 201)
  })

  test('gets a new key pair while the one before goes on for a while', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path, keyPair: first } = await create(admin)
    app.pass(1)
    const { body } = await admin.post(`${path}:rotate`, { overlapSeconds: 60 })
    const second = body.keyPair
    assert.deepEqual(
      body.serviceAccount.accessKeys.map(({ accessKey }: typeof first) => accessKey),
      [second.accessKey, first.accessKey],
    )
    app.pass(59)
    assert.deepEqual([await opens(app, first), await opens(app, second)], [true, true])
    app.pass(1)
    assert.deepEqual([await opens(app, first), await opens(app, second)], [false, true])
    const third = (await admin.post(`${path}:rotate`, { overlapSeconds: 0 })).body.keyPair
    assert.deepEqual([await opens(app, second), await opens(app, third)], [false, true])
    assert.equal((await admin.post(`${path}:rotate`, { overlapSeconds: 3600 * 24 * 31 })).status, 400)
  })

  test('is gone with its keys; a second time there is nothing to delete', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path, keyPair } = await create(admin)
    assert.equal((await admin.delete(path)).status, 204)
    assert.equal(await opens(app, keyPair), false)
    const answers = [await admin.delete(path), await admin.get(path), await admin.patch(path, { role: 'viewer' })]
    for (const { status, body } of answers)
      assert.deepEqual([status, body.error.code], [404, 'ServiceAccount.NotFound'])
  })

  test('changes in something, or not at all', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path } = await create(admin)
    assert.equal((await admin.patch(path, {})).body.error.code, 'Request.NothingToChange')
  })
})

test('no secret half is anywhere in the database', async () => {
  await using app = await makeApp()
  const admin = await app.signIn()
  const { path, keyPair } = await create(admin)
  app.pass(1)
  const { body } = await admin.post(`${path}:rotate`, { overlapSeconds: 60 })
  for (const table of ['service_accounts', 'access_keys', 'audit_events', 'events', 'idempotency_keys'] as const) {
    const text = JSON.stringify(await app.database.db.selectFrom(table).selectAll().execute())
    for (const pair of [keyPair, body.keyPair]) assert.ok(!text.includes(pair.secretKey), table)
  }
})
