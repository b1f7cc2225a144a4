import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Holdings } from '../../../src/providers/simulated/simulated-holdings.ts'
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'

describe('access rules of an Instance', () => {
  let app: TestApp
  let client: Client
  let path: string
  let holdings: Holdings

  before(async () => {
    app = await makeApp()
    client = await app.signIn()
    const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext'] }
    const instanceId = await runInstance(app, client, { features: { security } })
    path = `/instances/${instanceId}/acls`
    holdings = app.simulated.holdingsOf(instanceId as InstanceId)
  })
  after(() => app[Symbol.asyncDispose]())
  beforeEach(() => void (holdings.acls = []))

  /** As the Terraform provider sends it. */
  const param = (access: Record<string, unknown> = {}, resource: Record<string, unknown> = {}) => ({
    accessControlParam: { user: 'svc-orders', operationGroup: 'PRODUCE', permissionType: 'ALLOW', ...access },
    resourcePatternParam: { resourceType: 'TOPIC', name: 'orders', patternType: 'LITERAL', ...resource },
  })
  const create = async (...params: unknown[]) => {
    const answer = await client.post(path, { params })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const remove = (...params: unknown[]) => client.post(`${path}/batch:delete`, { params })
  const list = async (query = '') => (await client.get(`${path}${query}`)).body
  const namesOf = (body: { list: { accessControl: { operationGroup: { name: string } } }[] }) =>
    body.list.map(({ accessControl }) => accessControl.operationGroup.name)
  const operations = () => holdings.acls.map(({ operation }) => operation).toSorted()

  const asRead = '?exactUser=svc-orders&fuzzyResourceName=orders&permissionType=ALLOW&resourceTypes=TOPIC'

  test('come back as they were sent, and are found as the provider looks for them', async () => {
    const made = await create(param())
    const expected = {
      accessControl: {
        user: 'svc-orders',
        host: '*',
        operationGroup: { name: 'PRODUCE', hitOperations: ['WRITE', 'DESCRIBE', 'CREATE'], missOperations: [] },
        permissionType: 'ALLOW',
      },
      resourcePattern: { resourceType: 'TOPIC', name: 'orders', patternType: 'LITERAL' },
    }
    assert.deepEqual(made.list, [expected])
    assert.deepEqual((await list(asRead)).list, [expected])
    assert.deepEqual(operations(), ['CREATE', 'DESCRIBE', 'WRITE'])
  })

  test('are found exactly, the very name first', async () => {
    await create(
      param({}, { name: 'a-orders' }),
      param(),
      param({ user: 'svc-orders-2' }),
      param({ permissionType: 'DENY' }),
    )
    const { total, list: found } = await list(asRead)
    const names = found.map(({ resourcePattern }: { resourcePattern: { name: string } }) => resourcePattern.name)
    assert.deepEqual([total, names], [2, ['orders', 'a-orders']])
    assert.equal((await list('?exactUser=svc')).total, 0)
    assert.equal((await list('?permissionType=DENY')).total, 1)
    assert.equal((await list('?resourceTypes=GROUP,CLUSTER')).total, 0)
    assert.equal((await list('?size=1&page=2')).list.length, 1)
  })

  test('are listed in the order that is asked for, the very name first', async () => {
    await create(
      param({ user: 'svc-a', operationGroup: 'CONSUME' }, { name: 'orders-2' }),
      param({ user: 'svc-b', operationGroup: 'PRODUCE' }, { name: 'orders' }),
      param({ user: 'svc-c', operationGroup: 'ALL' }, { resourceType: 'GROUP', name: 'a' }),
    )
    const listed = async (query: string) =>
      (await list(query)).list
        .map(({ accessControl }: { accessControl: { user: string } }) => accessControl.user.at(-1))
        .join('')
    const cases = {
      '': 'abc',
      '?desc=true': 'cba',
      '?sort=resourceName': 'cba',
      '?sort=resourceType': 'cab',
      '?sort=group&desc=true': 'bac',
      '?fuzzyResourceName=orders': 'ba',
    }
    for (const [query, order] of Object.entries(cases)) assert.equal(await listed(query), order, query)
    assert.equal((await client.get(`${path}?sort=colour`)).status, 400)
  })

  for (const [group, resource] of [
    ['ALL', {}],
    ['CONSUME', { patternType: 'PREFIXED' }],
    ['ALL', { resourceType: 'GROUP', name: '*' }],
    ['READ', { resourceType: 'GROUP', name: 'billing' }],
    ['ALL', { resourceType: 'CLUSTER', name: 'kafka-cluster' }],
    ['ALL', { resourceType: 'TRANSACTIONAL_ID', name: 'tx' }],
    ['ALTER_CONFIGS', {}],
  ] as const) {
    test(`of ${group} on ${JSON.stringify(resource)} keep their name`, async () => {
      const { list: made } = await create(param({ operationGroup: group, permissionType: 'DENY' }, resource))
      assert.deepEqual((await list()).list, made)
      assert.deepEqual(namesOf({ list: made }), [group])
    })
  }

  test('share an operation, which stays until the last of them is gone', async () => {
    await create(param(), param({ operationGroup: 'CONSUME' }))
    assert.deepEqual(namesOf(await list()), ['PRODUCE', 'CONSUME'])
    assert.equal((await remove(param())).status, 204)
    assert.deepEqual([namesOf(await list()), operations()], [['CONSUME'], ['DESCRIBE', 'READ']])
    await remove(param({ operationGroup: 'CONSUME' }))
    assert.deepEqual(operations(), [])
    await create(param(), param({ operationGroup: 'CONSUME' }))
    await remove(param(), param({ operationGroup: 'CONSUME' }))
    assert.deepEqual(operations(), [])
  })

  test('of a single operation are taken away out of whatever group covers it, and the audit says so', async () => {
    const write = param({ operationGroup: 'WRITE' })
    const deletions = async () =>
      (await app.database.db.selectFrom('audit_events').select('id').where('action', '=', 'acl.delete').execute())
        .length
    const before = await deletions()
    await create(param())
    assert.equal((await remove(write)).status, 204)
    assert.deepEqual(operations(), ['CREATE', 'DESCRIBE'])
    await create(write)
    await remove(write, param())
    assert.deepEqual([operations(), (await deletions()) - before], [[], 2])
    await create(write, param({ operationGroup: 'DESCRIBE' }))
    assert.deepEqual(namesOf(await list()), ['PRODUCE'])
    await remove(write)
    assert.deepEqual(operations(), ['DESCRIBE'])
  })

  test('are made by a repeat where Millrace was lost before it made them', async () => {
    const ask = () => client.post(path, { params: [param()] }, { 'idempotency-key': 'lost' })
    await ask()
    holdings.acls = []
    assert.equal((await ask()).headers.get('idempotency-replayed'), 'true')
    await app.database.db.updateTable('idempotency_keys').set({ begun_until: app.now() }).execute()
    assert.equal((await ask()).status, 201)
    assert.deepEqual(operations(), ['CREATE', 'DESCRIBE', 'WRITE'])
  })

  test('say what of a group is missing', async () => {
    await create(param())
    holdings.acls = holdings.acls.filter(({ operation }) => operation !== 'DESCRIBE')
    const [{ accessControl }] = (await list()).list
    const expected = { name: 'PRODUCE', hitOperations: ['WRITE', 'CREATE'], missOperations: ['DESCRIBE'] }
    assert.deepEqual(accessControl.operationGroup, expected)
    await create(param())
    assert.deepEqual((await list()).list[0].accessControl.operationGroup.missOperations, [])
  })

  test('that are gone are deleted without complaint and without a line in the audit', async () => {
    const rows = () => app.database.db.selectFrom('audit_events').select('id').execute()
    const before = (await rows()).length
    assert.equal((await remove(param())).status, 204)
    assert.equal((await rows()).length, before)
  })

  test('make a consumer with one request', async () => {
    const wish = { preset: 'consumer', user: 'svc-billing', topic: 'orders', group: 'billing' }
    const { status, body } = await client.post(`${path}/presets`, wish)
    assert.deepEqual([status, namesOf(body)], [201, ['CONSUME', 'READ']])
    assert.equal((await list('?exactUser=svc-billing')).total, 2)
  })

  const refusals: [string, ReturnType<typeof param>, string][] = [
    ['no user', param({ user: '' }), 'params.0.accessControlParam.user'],
    [
      'a group of topics for a group',
      param({}, { resourceType: 'GROUP' }),
      'params.0.accessControlParam.operationGroup',
    ],
    ['an unknown group', param({ operationGroup: 'EVERYTHING' }), 'params.0.accessControlParam.operationGroup'],
    [
      'another cluster',
      param({ operationGroup: 'ALL' }, { resourceType: 'CLUSTER' }),
      'params.0.resourcePatternParam.name',
    ],
    [
      'an asterisk in a prefix',
      param({}, { name: 'o*', patternType: 'PREFIXED' }),
      'params.0.resourcePatternParam.name',
    ],
    ['an old word', param({}, { resourceType: 'CONSUMERGROUP' }), 'params.0.resourcePatternParam.resourceType'],
  ]
  for (const [what, wrong, field] of refusals) {
    test(`are not made with ${what}`, async () => {
      const { status, body } = await client.post(path, { params: [wrong] })
      assert.deepEqual([status, body.error.fields[0].path], [400, field])
      assert.deepEqual(holdings.acls, [])
    })
  }

  const impossible: [string, unknown, string, string?][] = [
    ['no user', param({ user: '' }), 'params.1.accessControlParam.user'],
    ['a user that is a principal', param({ user: 'User:svc-orders' }), 'params.1.accessControlParam.user'],
    ['no resource', param({}, { name: '' }), 'params.1.resourcePatternParam.name'],
    ['a topic that cannot be', param({}, { name: 'a\nb' }), 'params.1.resourcePatternParam.name'],
    ['a host that is a name', param({ host: 'here.example.com' }), 'params.1.accessControlParam.host'],
    ['the same rule again', param(), 'params.1'],
    ['no rule', null, 'params.1', 'Request.Invalid'],
    [
      'half a rule',
      { accessControlParam: param().accessControlParam },
      'params.1.resourcePatternParam',
      'Request.Invalid',
    ],
    [
      'a field of every object',
      param({ constructor: 1 }),
      'params.1.accessControlParam.constructor',
      'Request.Invalid',
    ],
    ['a user that is a number', param({ user: 1 }), 'params.1.accessControlParam.user', 'Request.Invalid'],
  ]
  for (const verb of ['', '/batch:delete'])
    for (const [what, wrong, field, code = 'Acl.Invalid'] of impossible) {
      test(`in a batch are refused by their index: ${what}, at ${verb || '/'}`, async () => {
        const kept = verb ? (await create(param())).list.length : 0
        const { status, body } = await client.post(`${path}${verb}`, { params: [param(), wrong] })
        assert.deepEqual([status, body.error.code, body.error.fields[0].path], [400, code, field])
        assert.ok(!/Invalid input/.test(body.error.message), body.error.message)
        assert.equal((await list()).total, kept)
      })
    }

  test('of a consumer group are not taken away as those of a topic', async () => {
    await create(param({ operationGroup: 'READ' }, { resourceType: 'GROUP', name: 'billing' }))
    const wrong = param({ operationGroup: 'CONSUME' }, { resourceType: 'GROUP', name: 'billing' })
    const { status, body } = await remove(wrong)
    assert.deepEqual([status, body.error.fields[0].path], [400, 'params.0.accessControlParam.operationGroup'])
    assert.deepEqual(operations(), ['READ'])
  })

  test('that somebody else made can be taken away, whatever they say', async () => {
    const odd = { principal: 'User:User:svc-orders', host: 'here.example.com', resourceName: 'a\nb' } as const
    const entry = {
      permissionType: 'ALLOW',
      resourceType: 'TOPIC',
      patternType: 'PREFIXED',
      operation: 'ALTER',
    } as const
    holdings.acls = [{ ...odd, ...entry }]
    const [{ accessControl, resourcePattern }] = (await list()).list
    const same = param({ ...accessControl, operationGroup: accessControl.operationGroup.name }, resourcePattern)
    assert.equal((await remove(same)).status, 204)
    assert.deepEqual(operations(), [])
  })

  test('of a preset are refused by the fields of the preset', async () => {
    const { status, body } = await client.post(`${path}/presets`, { preset: 'producer', user: '', topic: 'orders' })
    assert.deepEqual([status, body.error.code, body.error.fields[0].path], [400, 'Acl.Invalid', 'user'])
    const ignored = await client.post(`${path}/presets`, { preset: 'producer', user: 'a', topic: 'b', group: 'c' })
    assert.deepEqual([ignored.status, ignored.body.error.fields[0].path], [400, 'group'])
    assert.deepEqual(holdings.acls, [])
  })

  test('are refused in words where nobody is asked who they are, and deleted there without complaint', async () => {
    const open = await runInstance(app, client, { name: 'open' })
    const own = `/instances/${open}/acls`
    const { status, body } = await client.post(own, { params: [param()] })
    assert.deepEqual([status, body.error.code], [409, 'Acl.NotEnforced'])
    const listed = (await client.get(own)).body
    assert.deepEqual([listed.list, listed.isEnforced], [[], false])
    assert.equal((await client.post(`${own}/batch:delete`, { params: [param()] })).status, 204)
    assert.equal((await list()).isEnforced, true)
  })
})
