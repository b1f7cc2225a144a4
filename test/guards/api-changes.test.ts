import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { InstanceId } from '../../src/domain/id.ts'
import { routes } from '../../src/http/routes.ts'
import { makeApp, password, type TestApp } from '../harness/app.ts'
import type { Answer, Client } from '../harness/client.ts'
import { createInstance, newInstance, runInstance, setByHand } from '../harness/instances.ts'
import { addServiceAccount } from '../harness/signed-client.ts'
import { documentedCalls, isChange } from './documented-calls.ts'

/** Every change of the API document is made here once for real: audited, and made once for an Idempotency-Key. */
type Change = {
  /** The audit row's action. */
  audit: string
  /** Sets the scene, and answers the request to be made. */
  prepare(app: TestApp, client: Client): Promise<{ path: string; body?: unknown }>
}

const onInstance = (path: string, body?: unknown) => async (app: TestApp, client: Client) => {
  return { path: path.replace('{id}', await runInstance(app, client)), body }
}

const onMember = (path: string, body?: unknown) => async (_app: TestApp, client: Client) => {
  const { member } = (await client.post('/members', { name: 'anna', role: 'viewer' })).body
  return { path: path.replace('{id}', member.memberId), body }
}

const onAccount = (path: string, body?: unknown) => async (_app: TestApp, client: Client) => {
  const { serviceAccount } = (await client.post('/service-accounts', { name: 'terraform', role: 'viewer' })).body
  return { path: path.replace('{id}', serviceAccount.serviceAccountId), body }
}

const onOperation = (action: string, isPaused = false) => ({
  audit: `operation.${action}`,
  async prepare(_app: TestApp, client: Client) {
    const id = await createInstance(client)
    const { operationId } = (await client.get(`/instances/${id}`)).body.currentOperation
    if (isPaused) await client.post(`/operations/${operationId}:pause`)
    return { path: `/operations/${operationId}:${action}` }
  },
})

const topic = { name: 'orders', partition: 3 }

/** On what an Instance's Kafka holds, once something is there to be changed. */
const onHolding =
  (path: string, { first, at = '', body }: { first?: { path: string; body: unknown }; at?: string; body?: unknown }) =>
  async (app: TestApp, client: Client) => {
    const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext'] }
    const id = await runInstance(app, client, { features: { security } })
    const made = first && (await client.post(`/instances/${id}${first.path}`, first.body)).body
    const holdings = app.simulated.holdingsOf(id as InstanceId)
    const committed = new Map([['orders 0', 1]])
    holdings.groups.set('billing', { groupId: 'billing', members: [], committed })
    return { path: `/instances/${id}${path}`.replace('{at}', made?.[at]), body }
  }

const acl = {
  accessControlParam: { user: 'svc-orders', operationGroup: 'PRODUCE' },
  resourcePatternParam: { resourceType: 'TOPIC', name: 'orders' },
}
const aTopic = { first: { path: '/topics', body: topic }, at: 'topicId' }
const aUser = { first: { path: '/users', body: { name: 'svc-orders' } } }

const retry: Change = {
  audit: 'operation.retry',
  async prepare(app, client) {
    const instanceConfigs = [{ key: 'simulated.fault', value: 'refused' }]
    const { body } = await client.post('/instances', newInstance({ features: { instanceConfigs } }))
    await app.settle()
    return { path: `/operations/${body.currentOperation.operationId}:retry` }
  },
}

const finalize: Change = {
  audit: 'operation.resume',
  async prepare(app, client) {
    const id = await runInstance(app, client)
    const { body } = await client.patch(`/instances/${id}`, {
      version: '4.3.1',
      operation: { finalize: 'manual', soakSeconds: 0 },
    })
    await app.settle()
    return { path: `/operations/${body.currentOperation.operationId}:finalize` }
  },
}

const onDrift = (way: string): Change => ({
  audit: `instance.${way}`,
  async prepare(app, client) {
    const id = await runInstance(app, client)
    await setByHand(app, id, { set: { 'log.retention.ms': '5' } })
    return { path: `/instances/${id}:${way}`, body: {} }
  },
})

const changes: Record<string, Change> = {
  'POST /api/v1/sessions': {
    audit: 'session.begin',
    prepare: async () => ({ path: '/sessions', body: { user: 'administrator', password } }),
  },
  'DELETE /api/v1/sessions': { audit: 'session.end', prepare: async () => ({ path: '/sessions' }) },
  'DELETE /api/v1/sessions/current': { audit: 'session.end', prepare: async () => ({ path: '/sessions/current' }) },
  'PUT /api/v1/members/current/password': {
    audit: 'member.change-password',
    prepare: async () => {
      return { path: '/members/current/password', body: { currentPassword: password, newPassword: 'Mill-stone-8' } }
    },
  },
  'POST /api/v1/members': {
    audit: 'member.invite',
    prepare: async () => ({ path: '/members', body: { name: 'anna', role: 'viewer' } }),
  },
  'PATCH /api/v1/members/{memberId}': {
    audit: 'member.change',
    prepare: onMember('/members/{id}', { role: 'operator' }),
  },
  'POST /api/v1/members/{memberId}:reset': {
    audit: 'member.reset-password',
    prepare: onMember('/members/{id}:reset'),
  },
  'POST /api/v1/members/{memberId}:signOut': { audit: 'member.sign-out', prepare: onMember('/members/{id}:signOut') },
  'DELETE /api/v1/members/{memberId}': { audit: 'member.delete', prepare: onMember('/members/{id}') },
  'POST /api/v1/service-accounts': {
    audit: 'service-account.create',
    prepare: async () => ({ path: '/service-accounts', body: { name: 'terraform', role: 'operator' } }),
  },
  'PATCH /api/v1/service-accounts/{serviceAccountId}': {
    audit: 'service-account.change',
    prepare: onAccount('/service-accounts/{id}', { role: 'operator' }),
  },
  'POST /api/v1/service-accounts/{serviceAccountId}:rotate': {
    audit: 'service-account.rotate',
    prepare: onAccount('/service-accounts/{id}:rotate', { overlapSeconds: 60 }),
  },
  'DELETE /api/v1/service-accounts/{serviceAccountId}': {
    audit: 'service-account.delete',
    prepare: onAccount('/service-accounts/{id}'),
  },
  'POST /api/v1/instances': {
    audit: 'instance.create',
    prepare: async () => ({ path: '/instances', body: newInstance() }),
  },
  'PATCH /api/v1/instances/{instanceId}': {
    audit: 'instance.rename',
    prepare: onInstance('/instances/{id}', { name: 'payments' }),
  },
  'POST /api/v1/instances/{instanceId}:restart': {
    audit: 'instance.restart',
    prepare: onInstance('/instances/{id}:restart', {}),
  },
  'POST /api/v1/instances/{instanceId}:exchangeAuthority': {
    audit: 'instance.exchange-authority',
    prepare: onInstance('/instances/{id}:exchangeAuthority', { until: 'published' }),
  },
  'POST /api/v1/instances/{instanceId}:adopt': onDrift('adopt'),
  'POST /api/v1/instances/{instanceId}:revert': onDrift('revert'),
  'DELETE /api/v1/instances/{instanceId}': { audit: 'instance.delete', prepare: onInstance('/instances/{id}') },
  'POST /api/v1/instances/{instanceId}/topics': {
    audit: 'topic.create',
    prepare: onHolding('/topics', { body: topic }),
  },
  'PATCH /api/v1/instances/{instanceId}/topics/{topicId}/partition-counts': {
    audit: 'topic.grow',
    prepare: onHolding('/topics/{at}/partition-counts', { ...aTopic, body: { partition: 5 } }),
  },
  'PATCH /api/v1/instances/{instanceId}/topics/{topicId}/configurations': {
    audit: 'topic.configure',
    prepare: onHolding('/topics/{at}/configurations', {
      ...aTopic,
      body: { configs: [{ key: 'retention.ms', value: '1000' }] },
    }),
  },
  'DELETE /api/v1/instances/{instanceId}/topics/{topicId}': {
    audit: 'topic.delete',
    prepare: onHolding('/topics/{at}', aTopic),
  },
  'POST /api/v1/instances/{instanceId}/users': {
    audit: 'user.create',
    prepare: onHolding('/users', { body: { name: 'svc-orders' } }),
  },
  'POST /api/v1/instances/{instanceId}/users/{userName}:rotate': {
    audit: 'user.rotate-password',
    prepare: onHolding('/users/svc-orders:rotate', { ...aUser, body: {} }),
  },
  'DELETE /api/v1/instances/{instanceId}/users/{userName}': {
    audit: 'user.delete',
    prepare: onHolding('/users/svc-orders', aUser),
  },
  'POST /api/v1/instances/{instanceId}/acls': {
    audit: 'acl.create',
    prepare: onHolding('/acls', { body: { params: [acl] } }),
  },
  'POST /api/v1/instances/{instanceId}/acls/presets': {
    audit: 'acl.create',
    prepare: onHolding('/acls/presets', { body: { preset: 'producer', user: 'svc-orders', topic: 'orders' } }),
  },
  'POST /api/v1/instances/{instanceId}/acls/batch:delete': {
    audit: 'acl.delete',
    prepare: onHolding('/acls/batch:delete', {
      first: { path: '/acls', body: { params: [acl] } },
      body: { params: [acl] },
    }),
  },
  'POST /api/v1/instances/{instanceId}/groups/{groupId}:reset': {
    audit: 'group.reset',
    prepare: onHolding('/groups/billing:reset', { ...aTopic, body: { target: { to: 'earliest' } } }),
  },
  'DELETE /api/v1/instances/{instanceId}/groups/{groupId}': {
    audit: 'group.delete',
    prepare: onHolding('/groups/billing', {}),
  },
  'POST /api/v1/operations/{operationId}:pause': onOperation('pause'),
  'POST /api/v1/operations/{operationId}:resume': onOperation('resume', true),
  'POST /api/v1/operations/{operationId}:cancel': onOperation('cancel'),
  'POST /api/v1/operations/{operationId}:retry': retry,
  'POST /api/v1/operations/{operationId}:finalize': finalize,
}

/** A session is a secret of its caller: it cannot be answered a second time. This list only shrinks. */
const withoutKey = ['POST /api/v1/sessions']

describe('every change of the API', () => {
  test('is made by this guard', () => {
    const documented = documentedCalls.filter(isChange).map(({ name }) => name)
    assert.deepEqual(Object.keys(changes).toSorted(), documented.toSorted())
  })

  for (const [name, { audit, prepare }] of Object.entries(changes)) {
    test(`writes who did it: ${name}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { path, body } = await prepare(app, client)
      const before = (await auditOf(app)).length
      const answer = await ask(client, { name, path, body })
      assert.ok(answer.status < 300, answer.text)
      const [row, ...more] = (await auditOf(app)).slice(before)
      assert.deepEqual(more, [])
      assert.deepEqual([row!.action, row!.actor, row!.source], [audit, 'administrator', 'in-process'])
      const secrets = [password, answer.body?.oneTimePassword, answer.body?.keyPair?.secretKey, answer.body?.password]
      for (const secret of secrets) if (secret) assert.ok(!JSON.stringify(row).includes(secret), 'never a secret')
    })
  }

  const keyed = documentedCalls.filter(({ method, name }) => {
    return ['POST', 'PATCH'].includes(method) && !withoutKey.includes(name)
  })
  for (const { name, headers } of keyed) {
    test(`happens once for an Idempotency-Key: ${name}`, async () => {
      assert.deepEqual(headers, ['Idempotency-Key'], 'the document says so')
      await using app = await makeApp()
      const client = await app.signIn()
      const { path, body } = await changes[name]!.prepare(app, client)
      const first = await ask(client, { name, path, body, headers: { 'idempotency-key': 'once' } })
      const after = (await auditOf(app)).length
      const second = await ask(client, { name, path, body, headers: { 'idempotency-key': 'once' } })
      assert.equal(second.status, first.status, second.text)
      assert.equal(second.headers.get('idempotency-replayed'), 'true')
      assert.equal((await auditOf(app)).length, after)
      const { oneTimePassword, keyPair, password: made } = second.body ?? {}
      assert.equal(oneTimePassword ?? keyPair ?? made ?? null, null, 'a secret is shown once')
    })
  }
})

/** What one signature may ask for again at once. This list only shrinks. */
const repeatable = [
  'POST /api/v1/instances',
  'PATCH /api/v1/instances/{instanceId}',
  'DELETE /api/v1/instances/{instanceId}',
  'POST /api/v1/instances/{instanceId}/topics',
  'PATCH /api/v1/instances/{instanceId}/topics/{topicId}/partition-counts',
  'PATCH /api/v1/instances/{instanceId}/topics/{topicId}/configurations',
  'DELETE /api/v1/instances/{instanceId}/topics/{topicId}',
  'DELETE /api/v1/instances/{instanceId}/users/{userName}',
  'POST /api/v1/instances/{instanceId}/acls',
  'POST /api/v1/instances/{instanceId}/acls/presets',
  'POST /api/v1/instances/{instanceId}/acls/batch:delete',
  'DELETE /api/v1/instances/{instanceId}/groups/{groupId}',
]
/** Only with a password of the caller's own: one that Millrace makes is a secret in the answer. */
const repeatableAtTimes = 'POST /api/v1/instances/{instanceId}/users'

describe('a signature that is used a second time at once', () => {
  const signed = documentedCalls.filter((one) => isChange(one) && !['public', 'signed-in'].includes(one.permission))

  async function askTwice(name: string, otherwise: object = {}) {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const { path, body } = await changes[name]!.prepare(app, await app.signIn())
    const request = { name, path, body: body && { ...body, ...otherwise } }
    assert.ok((await ask(client, request)).status < 300)
    return await ask(client, request)
  }

  for (const { name } of signed) {
    const mayRepeat = repeatable.includes(name)
    test(`${mayRepeat ? 'is answered' : 'is refused'}: ${name}`, async () => {
      const { status, body } = await askTwice(name)
      if (mayRepeat) return assert.ok(status < 500 && status !== 401, `${status}`)
      assert.deepEqual([status, body.error.code], [401, 'Signature.Replayed'])
    })
  }

  test('is answered where the caller gives the password of a new user', async () => {
    const { status, text } = await askTwice(repeatableAtTimes, { password: 'Mill-stone-8' })
    assert.ok(status < 500 && status !== 401 && !text.includes('Mill-stone-8'), `${status}`)
  })

  test('is answered by no other route', () => {
    const marked = routes
      .filter(({ mayRepeat }) => mayRepeat)
      .map(({ method, path }) => `${method.toUpperCase()} /api/v1${path}`)
    assert.deepEqual(marked.toSorted(), [...repeatable, repeatableAtTimes].toSorted())
  })
})

test('the committed document and client are those of the routes', async () => {
  const script = join(import.meta.dirname, '../../scripts/generate.ts')
  await promisify(execFile)(process.execPath, [script, '--check'])
})

type Request = { name: string; path: string; body: unknown; headers?: Record<string, string> }

function ask(client: Client, { name, path, body, headers = {} }: Request): Promise<Answer> {
  const [method = ''] = name.split(' ')
  const init = { headers: { 'content-type': 'application/json', ...headers } }
  return client.send(method, `/api/v1${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) })
}

const auditOf = (app: TestApp) => app.database.db.selectFrom('audit_events').selectAll().orderBy('id').execute()
