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

  test('changes tags at once, without leaving Running, and takes them away', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { tags: [{ name: 'team', value: 'shop' }] })
    const tags = [
      { name: 'stage', value: 'test' },
      { name: 'team', value: 'platform' },
    ]
    const { body } = await client.patch(`/instances/${id}`, { tags })
    assert.deepEqual([body.state, body.tags], ['Running', tags])
    const none = (await client.patch(`/instances/${id}`, { tags: [] })).body
    assert.deepEqual([none.state, 'tags' in none], ['Running', false])
    const rows = await app.database.db
      .selectFrom('audit_events')
      .select('detail')
      .where('action', '=', 'instance.tag')
      .orderBy('id')
      .execute()
    assert.equal(rows.length, 2)
    const { before, after } = rows[1]!.detail as { before: object; after: object }
    assert.deepEqual([before, after], [{ name: 'orders', description: null, tags }, { tags: [] }])
  })

  test('makes one Operation of many changes, visible at once, and none of what is so already', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const instanceConfigs = [{ key: 'log.retention.ms', value: '1000' }]
    const patch = { name: 'payments', version: '4.3.1', spec: { reservedAku: 8 }, features: { instanceConfigs } }
    const { body } = await client.patch(`/instances/${id}`, patch)
    assert.deepEqual([body.state, body.currentOperation.kind], ['Changing', 'change-instance'])
    const early = await client.patch(`/instances/${id}`, patch)
    assert.deepEqual([early.status, early.body.error.code], [409, 'Instance.Busy'], 'also of what will be so')
    await app.settle()
    const late = await client.patch(`/instances/${id}`, patch)
    assert.deepEqual([late.status, late.body.state], [200, 'Running'])
    assert.equal((await client.get(`/operations?instanceId=${id}`)).body.total, 2)
  })

  test('keeps what is said of what is so already, and says in the audit that it was said', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { body } = await client.patch(`/instances/${id}`, { features: { schemaRegistryEnabled: false } })
    assert.deepEqual([body.state, body.features], ['Running', { schemaRegistryEnabled: false }])
    const events = (await client.get('/audit-events?action=instance.restate')).body
    assert.deepEqual(
      events.list.map(({ after }: { after: object }) => after),
      [{ spec: {}, features: { schemaRegistryEnabled: false } }],
    )
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
