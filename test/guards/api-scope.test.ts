import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { InstanceId } from '../../src/domain/id.ts'
import { permissions, type Permission } from '../../src/domain/permission.ts'
import { isEnvironmentWide } from '../../src/domain/service-account.ts'
import { makeApp, type TestApp } from '../harness/app.ts'
import { origin, type Client } from '../harness/client.ts'
import { createInstance } from '../harness/instances.ts'
import { addServiceAccount, signedHeaders, type KeyPair } from '../harness/signed-client.ts'
import { documentedCalls, isChange, isLasting, somePath, type DocumentedCall } from './documented-calls.ts'

/** A service account that is kept to one Instance reaches no other, by no call of the API document. */
describe('a service account that is kept to one Instance', () => {
  let app: TestApp
  let program: Client
  let pair: KeyPair
  const own = { name: 'orders', instanceId: '', operationId: '' }
  const foreign = { name: 'ledger-of-others', instanceId: '', operationId: '' }
  const nothing = { name: '', instanceId: 'kf-0000000000000000', operationId: 'op-0000000000000000' }

  before(async () => {
    app = await makeApp()
    const client = await app.signIn()
    for (const one of [own, foreign]) {
      one.instanceId = await createInstance(client, { name: one.name })
      one.operationId = (await client.get(`/instances/${one.instanceId}`)).body.currentOperation.operationId
    }
    // No such account can be made by the API: whatever its role, it is kept to its Instance.
    const instanceIds = [own.instanceId as InstanceId]
    ;({ client: program, pair } = await addServiceAccount(app, { role: 'administrator', instanceIds }))
  })
  after(() => app[Symbol.asyncDispose]())

  const call = async ({ method, path }: DocumentedCall, one: typeof own) => {
    // A second goes by between two changes: they would be signed alike.
    app.pass(1)
    const whole = path.replace('{instanceId}', one.instanceId).replace('{operationId}', one.operationId)
    return await program.send(method, somePath({ path: whole }))
  }

  const reachesNothing = ({ text }: { text: string }) =>
    Object.values(foreign).forEach((word) => assert.ok(!text.includes(word), `${word} in ${text}`))

  for (const one of documentedCalls) {
    const { name, path, permission } = one
    if (permission === 'public' || permission === 'signed-in') continue

    if (permissions.includes(permission as Permission) && isEnvironmentWide(permission as Permission)) {
      test(`${name} is refused, because it reaches the whole environment`, async () => {
        const { status, body } = await call(one, foreign)
        assert.deepEqual([status, body.error.code], [403, 'ServiceAccount.OutOfScope'])
      })
    } else if (/\{(instance|operation)Id\}/.test(path)) {
      test(`${name} is refused for another Instance, and for one that is not there in the same words`, async () => {
        const there = await call(one, foreign)
        assert.deepEqual([there.status, there.body.error.code], [403, 'ServiceAccount.OutOfScope'])
        const said = path.includes('{instanceId}') ? 'instanceId' : 'operationId'
        const gone = await call(one, nothing)
        assert.equal(gone.text.replace(nothing[said], 'it'), there.text.replace(foreign[said], 'it'))
      })
      if (isChange(one)) continue
      test(`${name} is taken for its own`, async () => {
        const { status, body } = await call(one, own)
        assert.ok(status !== 401 && status !== 403 && status < 500, `${status} ${JSON.stringify(body)}`)
      })
    } else if (!isLasting(one) && !isChange(one)) {
      test(`${name} shows nothing of another`, async () => reachesNothing(await call(one, foreign)))
    }
  }

  test('lists its own', async () => {
    const instances = (await program.get('/instances')).body
    assert.deepEqual([instances.total, instances.list[0].instanceId], [1, own.instanceId])
    assert.equal((await program.get('/instances?keyword=ledger')).body.total, 0)
    const operations = (await program.get('/operations')).body
    assert.deepEqual([operations.total, operations.list[0].operationId], [1, own.operationId])
    assert.equal((await program.get(`/operations?instanceId=${foreign.instanceId}`)).body.total, 0)
    const events = (await program.get('/events')).body.list
    assert.ok(events.length > 0 && events.every((event: typeof own) => event.instanceId === own.instanceId))
  })

  test('hears of its own in the event stream, now and when it comes back', async () => {
    const path = '/api/v1/events/stream?lastEventId=0'
    const headers = await signedHeaders(app, pair, { method: 'GET', path })
    const stream = await app.http.hono.request(`${origin}${path}`, { headers })
    const reader = stream.body!.getReader()
    const told = new TextDecoder().decode((await reader.read()).value)
    await reader.cancel()
    assert.ok(told.includes(own.instanceId))
    reachesNothing({ text: told })
  })
})
