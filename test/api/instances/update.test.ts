import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import { createInstance, newInstance, runInstance } from '../../harness/instances.ts'

describe('200', () => {
  test('changes name and remark at once, without leaving Running', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    app.pass(60)
    const { status, body } = await client.patch(`/instances/${id}`, { name: '订单-2', description: 'For the shop' })
    assert.equal(status, 200)
    assert.deepEqual([body.name, body.description, body.state], ['订单-2', 'For the shop', 'Running'])
    assert.equal(body.gmtModified, app.now().toISOString())
    assert.equal((await client.get('/operations?kind=rename-instance')).body.total, 0)
  })

  test('leaves alone what is not named, and can empty the remark', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { description: 'For the shop' })
    assert.equal((await client.patch(`/instances/${id}`, { name: 'payments' })).body.description, 'For the shop')
    const { body } = await client.patch(`/instances/${id}`, { description: '' })
    assert.deepEqual([body.name, body.description], ['payments', ''])
  })

  test('writes the before and the after into the audit', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await client.patch(`/instances/${id}`, { name: 'payments' })
    const row = await app.database.db
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'instance.rename')
      .executeTakeFirstOrThrow()
    assert.deepEqual(row.detail, { before: { name: 'orders', description: null }, after: { name: 'payments' } })
  })

  test('happens once for an Idempotency-Key', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const key = { 'idempotency-key': 'rename-once' }
    await client.patch(`/instances/${id}`, { name: 'payments' }, key)
    await client.patch(`/instances/${id}`, { name: 'shipping' })
    const { body, headers } = await client.patch(`/instances/${id}`, { name: 'payments' }, key)
    assert.equal(headers.get('idempotency-replayed'), 'true')
    assert.equal(body.name, 'shipping', 'the repeat changes nothing and tells how it is now')
  })
})

describe('400', () => {
  const refused: [what: string, body: unknown, words: RegExp][] = [
    ['nothing to change', {}, /at least one field to change/],
    ['a wrong name', { name: 'x' }, /3 to 64 characters/],
    ['a wrong remark', { description: 'x'.repeat(257) }, /at most 256/],
    ['an unknown field', { state: 'Running' }, /no field "state"/],
    ['a name that is null', { name: null }, /The name is a text/],
    ['a version that is not there', { version: '9.9.9' }, /There is no version "9\.9\.9" here/],
    ['a version that lies behind', { version: '3.9.2' }, /comes before 4\.2\.1.*no way back/],
    ['AKU out of range', { spec: { reservedAku: 501 } }, /from 3 to 500/],
    ['AKU that is no number', { spec: { reservedAku: 'many' } }, /whole number/],
    [
      'what is fixed, beside a name',
      { name: 'payments', spec: { networks: [] } },
      /cannot be changed.*spec\.networks.*Nothing/,
    ],
    ['security', { features: { security: {} } }, /cannot be changed.*features\.security/],
    ['an unknown way to go along', { operation: { speed: 'fast' } }, /no field/],
    ['a node to hold that is not there', { version: '4.3.1', operation: { holdNode: 9 } }, /There is no node 9 here/],
  ]
  test('says the rule, and changes nothing', async (t) => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    for (const [what, sent, words] of refused) {
      await t.test(what, async () => {
        const { status, body } = await client.patch(`/instances/${id}`, sent)
        assert.equal(status, 400)
        assert.match(body.error.message, words)
      })
    }
    assert.equal((await client.get(`/instances/${id}`)).body.name, 'orders')
  })
})

describe('409', () => {
  test('names the Operation in the way', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const created = await client.post('/instances', newInstance())
    const { status, body } = await client.patch(`/instances/${created.body.instanceId}`, { name: 'payments' })
    const { operationId } = created.body.currentOperation
    assert.equal(status, 409)
    assert.equal(body.error.code, 'Instance.Busy')
    assert.equal(body.error.operationId, operationId)
    assert.match(body.error.message, new RegExp(`being created.*${operationId} .create-instance, at step `))
  })

  test('refuses a name that another living Instance has', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await createInstance(client, { name: 'payments' })
    const { status, body } = await client.patch(`/instances/${id}`, { name: 'payments' })
    assert.equal(status, 409)
    assert.equal(body.error.code, 'Instance.NameTaken')
  })
})

test('404 for an Instance that is not there', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  assert.equal((await client.patch('/instances/kf-0000000000000000', { name: 'payments' })).status, 404)
})
