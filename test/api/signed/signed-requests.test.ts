import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { signRequest } from '../../../src/domain/sign-request.ts'
import { serveHttp } from '../../../src/http/server.ts'
import { environmentId, makeApp, type TestApp } from '../../harness/app.ts'
import { origin } from '../../harness/client.ts'
import { createInstance, newInstance } from '../../harness/instances.ts'
import { makeProviderClient, type RawRequest } from '../../harness/provider-client.ts'
import { addServiceAccount, makeSignedClient, type KeyPair } from '../../harness/signed-client.ts'

const instances = '/api/v1/instances'

type Change = (headers: Record<string, string>) => Record<string, string>

/** Signs a GET of the Instances, and sends it with what `change` makes of its headers. */
async function sendChanged(app: TestApp, pair: KeyPair, change: Change) {
  const unsigned = { method: 'GET', url: new URL(instances, origin), headers: json }
  const headers = await signRequest(unsigned, { ...pair, environmentId }, app.now())
  return await app.anonymous.send('GET', instances, { headers: change(headers) })
}

const instead = (name: string, from: string | RegExp, to: string): Change => {
  return (headers) => ({ ...headers, [name]: headers[name]!.replace(from, to) })
}

const without =
  (name: string): Change =>
  (headers) =>
    Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name))

const otherSignature: Change = (headers) => {
  const { authorization = '' } = headers
  return { ...headers, authorization: authorization.slice(0, -1) + (authorization.endsWith('0') ? '1' : '0') }
}

const json = { 'content-type': 'application/json' }

describe('a signed request', () => {
  test('is answered as a member’s is, and says who made it', async () => {
    await using app = await makeApp()
    const { client, account } = await addServiceAccount(app)
    const id = await createInstance(client)
    assert.equal((await client.get(`/instances/${id}`)).status, 200)
    const rows = await app.database.db.selectFrom('audit_events').select(['action', 'actor', 'source']).execute()
    assert.deepEqual(rows, [
      { action: 'instance.create', actor: `service-account/${account.name}`, source: 'in-process' },
    ])
  })

  test('is taken with a query whose letters are encoded, and a list given twice', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    for (const query of ['keyword=a%20b', 'keyword=%2A', 'keyword=a+b', 'state=Running&state=Error', 'size=5&page=1'])
      assert.equal((await client.get(`/instances?${query}`)).status, 200, query)
  })

  test('is 401 in our own error body for whatever is not as it was signed', async (t) => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const cases: [what: string, code: string, change: Change][] = [
      ['another signature', 'Signature.Invalid', otherSignature],
      ['an unknown key', 'Signature.Invalid', instead('authorization', pair.accessKey, 'AAAABBBBCCCCDDDD')],
      ['another host', 'Signature.Invalid', (headers) => ({ ...headers, host: 'elsewhere.test' })],
      ['another content type', 'Signature.Invalid', instead('content-type', 'json', 'xml')],
      ['another environment', 'Signature.Invalid', instead('x-automq-environment-id', environmentId, 'env-other')],
      ['another second', 'Signature.Invalid', instead('x-automq-date', /.Z$/, '9Z')],
      ['another day', 'Signature.Malformed', instead('x-automq-date', /^2026/, '2025')],
      ['no date', 'Signature.Malformed', without('x-automq-date')],
      ['a date of another form', 'Signature.Malformed', instead('x-automq-date', /.*/, '2026-01-01T00:00:00Z')],
      ['another region', 'Signature.Malformed', instead('authorization', '/private/', '/public/')],
      ['another service', 'Signature.Malformed', instead('authorization', '/cmp/', '/s3/')],
      ['another end of the scope', 'Signature.Malformed', instead('authorization', '/cmp_request', '/aws4_request')],
      ['a short signature', 'Signature.Malformed', instead('authorization', /.$/, '')],
      ['nothing behind the algorithm', 'Signature.Malformed', instead('authorization', / .*/, '')],
      ['an unsigned host', 'Signature.Incomplete', instead('authorization', 'host;', '')],
      ['an unsigned environment', 'Signature.Incomplete', instead('authorization', ';x-automq-environment-id', '')],
      ['an unsigned content type', 'Signature.Incomplete', instead('authorization', 'content-type;', '')],
    ]
    for (const [what, code, change] of cases) {
      await t.test(what, async () => {
        const { status, body } = await sendChanged(app, pair, change)
        assert.deepEqual([status, body.error.code], [401, code])
        assert.equal(typeof body.error.message, 'string')
      })
    }
  })

  test('is 401 with another path, query, method or body', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const signed = {
      method: 'POST',
      url: new URL(instances, origin),
      headers: json,
      body: JSON.stringify(newInstance()),
    }
    const headers = await signRequest(signed, { ...pair, environmentId }, app.now())
    const send = (method: string, path: string, body?: string) =>
      app.anonymous.send(method, path, { headers, ...(body !== undefined && { body }) })
    const refused = [
      await send('POST', `${instances}?dryRun=true`, signed.body),
      await send('POST', instances, signed.body.replace('orders', 'others')),
      await send('POST', instances, `${signed.body} `),
      await send('PATCH', instances, signed.body),
      await send('GET', instances),
      await send('POST', `${instances}/x`, signed.body),
    ]
    assert.deepEqual(new Set(refused.map(({ body }) => body.error.code)), new Set(['Signature.Invalid']))
    assert.equal((await send('POST', instances, signed.body)).status, 201, 'and all that was for nothing')
  })

  test('is 401 in the same words for a wrong secret, an unknown key, and one that opens nothing any more', async () => {
    await using app = await makeApp()
    const { pair, client } = await addServiceAccount(app)
    const disabled = await addServiceAccount(app, { disabledAt: app.now() })
    const expired = await addServiceAccount(app, { expiresAt: app.now() })
    const answers = await Promise.all([
      makeSignedClient(app, { ...pair, secretKey: 'wrong' }).get('/instances'),
      makeSignedClient(app, { ...pair, accessKey: 'AAAABBBBCCCCDDDD' }).get('/instances'),
      disabled.client.get('/instances'),
      expired.client.get('/instances'),
    ])
    for (const { status, body } of answers) {
      assert.equal(status, 401)
      assert.deepEqual(body, answers[0]!.body)
    }
    assert.equal((await client.get('/instances')).status, 200)
  })

  test('is taken while the clocks differ by 15 minutes, either way, and not by more', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const at = async (seconds: number) => {
      const moment = new Date(app.now().getTime() + seconds * 1000)
      const unsigned = { method: 'GET', url: new URL(instances, origin), headers: {} }
      const headers = await signRequest(unsigned, { ...pair, environmentId }, moment)
      return await app.anonymous.send('GET', instances, { headers })
    }
    for (const seconds of [-900, 0, 900]) assert.equal((await at(seconds)).status, 200, `${seconds} s`)
    for (const seconds of [-901, 901]) {
      const { status, body } = await at(seconds)
      assert.deepEqual([status, body.error.code], [401, 'Signature.ClockSkew'])
    }
  })

  test('is 403 for an environment that is not served here, also with a session: never 404', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const unsigned = { method: 'GET', url: new URL(`${instances}/kf-0000000000000000`, origin), headers: {} }
    const headers = await signRequest(unsigned, { ...pair, environmentId: 'env-other' }, app.now())
    const member = await app.signIn()
    const answers = [
      await app.anonymous.send('GET', unsigned.url.pathname, { headers }),
      await member.get('/instances/kf-0000000000000000', { 'x-automq-environment-id': 'env-other' }),
    ]
    for (const { status, body } of answers) assert.deepEqual([status, body.error.code], [403, 'Environment.Unknown'])
    assert.equal((await member.get('/instances', { 'x-automq-environment-id': environmentId })).status, 200)
  })

  test('is not taken with the signature in its query', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const unsigned = { method: 'GET', url: new URL(instances, origin), headers: {} }
    const { authorization = '', ...headers } = await signRequest(unsigned, { ...pair, environmentId }, app.now())
    const query = new URLSearchParams({
      'X-Automq-Credential': /Credential=([^,]+)/.exec(authorization)![1]!,
      'X-Automq-Date': headers['x-automq-date']!,
      'X-Automq-Expires': '900',
      'X-Automq-SignedHeaders': 'host',
      'X-Automq-Signature': authorization.split('Signature=')[1]!,
    })
    const { status, body } = await app.anonymous.send('GET', `${instances}?${query.toString()}`, { headers })
    assert.deepEqual([status, body.error.code], [401, 'Session.Missing'])
  })

  test('has no session: 403 for what is about one', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const passwords = { currentPassword: 'a', newPassword: 'b' }
    for (const { status, body } of [
      await client.get('/sessions/current'),
      await client.delete('/sessions'),
      await client.put('/members/current/password', passwords),
    ])
      assert.deepEqual([status, body.error.code], [403, 'ServiceAccount.NoSession'])
  })

  test('leaves its time at the key, once a minute', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const used = async () => {
      await client.get('/instances')
      const row = await app.database.db.selectFrom('access_keys').select('last_used_at').executeTakeFirstOrThrow()
      return row.last_used_at?.toISOString()
    }
    const first = app.now().toISOString()
    assert.equal(await used(), first)
    app.pass(59)
    assert.equal(await used(), first)
    app.pass(1)
    assert.equal(await used(), app.now().toISOString())
  })
})

describe('a signature', () => {
  test('makes one change where a repeat would do harm, also while the first is under way', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const body = { name: 'anna', role: 'viewer' }
    const answers = await Promise.all([client.post('/members', body), client.post('/members', body)])
    const [made, refused] = answers.toSorted((one, other) => one.status - other.status)
    assert.deepEqual([made!.status, refused!.status, refused!.body.error.code], [201, 401, 'Signature.Replayed'])
    const path = `/members/${made!.body.member.memberId}:signOut`
    assert.equal((await client.post(path)).status, 200)
    assert.equal((await client.post(path)).status, 401)
    app.pass(1)
    assert.equal((await client.post(path)).status, 200, 'signed anew')
  })

  test('of two like requests in one second is no replay where a repeat does no harm', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const body = newInstance()
    const answers = await Promise.all([client.post('/instances', body), client.post('/instances', body)])
    const [made, taken] = answers.toSorted((one, other) => one.status - other.status)
    assert.deepEqual([made!.status, taken!.status, taken!.body.error.code], [201, 409, 'Instance.NameTaken'])
    await app.settle()
    const path = `/instances/${made!.body.instanceId}`
    for (let time = 0; time < 2; time++) assert.equal((await client.patch(path, { name: 'payments' })).status, 200)
    assert.equal((await client.delete(path)).status, 202)
    assert.equal((await client.delete(path)).status, 409, 'it is being deleted')
    await app.settle()
    assert.equal((await client.delete(path)).status, 404)
  })

  test('is a replay two seconds after it was made, and where the clocks differ by as much', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const body = JSON.stringify(newInstance())
    const unsigned = { method: 'POST', url: new URL(instances, origin), headers: json, body }
    const sendTwice = async (signedAt: number, later: number) => {
      const moment = new Date(app.now().getTime() + signedAt * 1000)
      const headers = await signRequest(unsigned, { ...pair, environmentId }, moment)
      await app.anonymous.send('POST', instances, { headers, body })
      app.pass(later)
      return (await app.anonymous.send('POST', instances, { headers, body })).status
    }
    assert.deepEqual([await sendTwice(0, 2), await sendTwice(0, 3)], [409, 401])
    assert.deepEqual([await sendTwice(60, 0), await sendTwice(-60, 0)], [401, 401])
  })

  test('reads and plans as often as it likes', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    for (let time = 0; time < 3; time++) {
      assert.equal((await client.get('/instances')).status, 200)
      assert.equal((await client.post('/instances?dryRun=true', newInstance())).status, 200)
    }
  })

  test('repeats under a signed Idempotency-Key, and is answered with what the first one made', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    const ask = () => client.post('/instances', newInstance(), { 'idempotency-key': 'once' })
    const [first, second] = [await ask(), await ask()]
    assert.deepEqual([first.status, second.status], [201, 201])
    assert.equal(second.headers.get('idempotency-replayed'), 'true')
    assert.equal(second.body.instanceId, first.body.instanceId)
  })

  test('does not repeat what was refused, though its Idempotency-Key is free again', async () => {
    await using app = await makeApp()
    const { pair, client } = await addServiceAccount(app)
    await createInstance(client)
    const url = new URL(instances, origin)
    const body = JSON.stringify(newInstance())
    const unsigned = { method: 'POST', url, headers: { ...json, 'idempotency-key': 'once' }, body }
    const headers = await signRequest(unsigned, { ...pair, environmentId }, app.now())
    const send = () => app.anonymous.send('POST', instances, { headers, body })
    assert.equal((await send()).body.error.code, 'Instance.NameTaken')
    await app.database.db.updateTable('instances').set({ name: 'renamed' }).execute()
    const replayed = await send()
    assert.deepEqual([replayed.status, replayed.body.error.code], [401, 'Signature.Replayed'])
    app.pass(1)
    assert.equal((await client.post('/instances', newInstance(), { 'idempotency-key': 'once' })).status, 201)
  })

  test('does not repeat under an Idempotency-Key that somebody added on the way', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const body = JSON.stringify(newInstance())
    const unsigned = { method: 'POST', url: new URL(instances, origin), headers: json, body }
    const headers = await signRequest(unsigned, { ...pair, environmentId }, app.now())
    assert.equal((await app.anonymous.send('POST', instances, { headers, body })).status, 201)
    const added = { ...headers, 'idempotency-key': 'theirs' }
    app.pass(3)
    const { status, body: answer } = await app.anonymous.send('POST', instances, { headers: added, body })
    assert.deepEqual([status, answer.error.code], [401, 'Signature.Replayed'])
  })

  test('is not spent by a request that was refused for its body', async () => {
    await using app = await makeApp()
    const { client } = await addServiceAccount(app)
    for (let time = 0; time < 2; time++) assert.equal((await client.post('/instances', { name: 'x' })).status, 400)
  })
})

describe('over a socket', () => {
  async function sendRaw(app: TestApp, pair: KeyPair, asked: RawRequest) {
    await using server = await listen(app)
    return await makeProviderClient({ url: server.url, pair, environmentId, now: app.now })(asked)
  }

  async function listen(app: TestApp) {
    const server = await serveHttp(app.http, { host: '127.0.0.1', port: 0 })
    return { url: server.url, [Symbol.asyncDispose]: server.close }
  }

  test('the target is verified as it came: encoded letters, dots, colons and all', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const id = 'kf-0000000000000000'
    for (const target of [
      `${instances}?keyword=a%20b&size=5`,
      `${instances}/${id}/users/a%20b:c+d@e%21%C3%A9`,
      `${instances}/../instances`,
      `${instances}/%7Ebob/`,
      `${instances}//`,
    ]) {
      const { status, text } = await sendRaw(app, pair, { method: 'GET', target })
      assert.ok([200, 404, 405].includes(status), `${target}: ${status} ${text}`)
    }
  })

  test('a path that a proxy has shortened is told as it came, and the signature is refused', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const signed = { method: 'GET', url: new URL(`/millrace${instances}`, origin), headers: {} }
    const headers = await signRequest(signed, { ...pair, environmentId }, app.now())
    const { status, body } = await app.anonymous.send('GET', instances, { headers })
    assert.deepEqual([status, body.error.code], [401, 'Signature.Invalid'])
    assert.equal(body.error.detail, `Here this is GET ${instances} to the host millrace.test.`)
  })

  test('the body is verified byte by byte, as Go writes it too', async () => {
    await using app = await makeApp()
    const { pair } = await addServiceAccount(app)
    const body = JSON.stringify(newInstance({ description: 'R&D – größer' })).replace('&', String.raw`\u0026`)
    const { status, text } = await sendRaw(app, pair, { method: 'POST', target: instances, body })
    assert.equal(status, 201, text)
    assert.equal(JSON.parse(text).description, 'R&D – größer')
  })
})
