import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { permissions, roleGrants, roles, type Permission } from '../../src/domain/permission.ts'
import { publicPaths } from '../../src/http/public.ts'
import { makeApp, type TestApp } from '../harness/app.ts'
import type { Client } from '../harness/client.ts'
import { addServiceAccount, makeSignedClient } from '../harness/signed-client.ts'
import { documentedCalls, isChange, isLasting, somePath, type DocumentedCall } from './documented-calls.ts'

/** Who may call what, proven for every call of the API document. */

/** What answers without a session. This list only shrinks. */
const open = ['POST /api/v1/sessions', 'GET /healthz', 'GET /readyz', 'GET /openapi.json', 'GET /metrics']

describe('access to the API', () => {
  let app: TestApp
  const clients = new Map<string, Client>()
  const programs = new Map<string, Client>()
  const kinds = [
    ['member', clients],
    ['service account', programs],
  ] as const
  let forger: Client
  before(async () => {
    app = await makeApp()
    for (const role of roles) {
      clients.set(role, await app.signIn(role))
      const { client, pair } = await addServiceAccount(app, { role })
      programs.set(role, client)
      forger = makeSignedClient(app, { ...pair, secretKey: 'a guess' })
    }
  })
  after(() => app[Symbol.asyncDispose]())

  /** Without a body: whoever may not call must hear of that first. */
  const call = (client: Client, one: DocumentedCall, headers: Record<string, string> = {}) =>
    client.send(one.method, somePath(one), { headers })

  test('reads a document with calls in it', () => {
    assert.ok(documentedCalls.length >= 20, `${documentedCalls.length} calls`)
    assert.ok(documentedCalls.filter(isChange).length >= 9)
  })

  test('is open where the list says so, and nowhere else', () => {
    assert.deepEqual([...publicPaths].toSorted(), open.toSorted())
    const documented = documentedCalls.filter(({ permission }) => permission === 'public').map(({ name }) => name)
    assert.deepEqual(documented, ['POST /api/v1/sessions'])
  })

  test('is documented wherever something is mounted', () => {
    const documented = new Set(documentedCalls.map(({ method, path }) => `${method} ${withoutNames(path)}`))
    const mounted = app.http.hono.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${withoutNames(path)}`)
    assert.deepEqual([...new Set(mounted)].toSorted(), [...documented].toSorted())
  })

  for (const one of documentedCalls) {
    const { name, permission } = one
    if (permission === 'public') continue

    test(`${name} states a permission that exists`, () => {
      assert.ok(permission === 'signed-in' || permissions.includes(permission as Permission), permission)
    })

    test(`${name} refuses a caller without a session`, async () => {
      const { status, body } = await call(app.anonymous, one)
      assert.equal(status, 401)
      assert.equal(body.error.code, 'Session.Missing')
    })

    for (const role of roles) {
      const isGranted = permission === 'signed-in' || roleGrants(role, permission as Permission)
      // What is about a session differs by kind, and an answer that lasts cannot be read to its end.
      if (isGranted && (isLasting(one) || permission === 'signed-in')) continue
      for (const [kind, callers] of kinds) {
        test(`${name} ${isGranted ? 'takes' : 'refuses'} a ${kind} that is ${role}`, async () => {
          const { status, body } = await call(callers.get(role)!, one)
          // Whoever may, gets an answer, or hears what is wrong with a call that has no body and is about nothing.
          if (isGranted) return assert.ok(status !== 401 && status !== 403 && status < 500, `${status}`)
          assert.deepEqual([status, body.error.code], [403, 'Member.NotPermitted'])
          assert.ok(body.error.message.includes(permission))
        })
      }
    }

    test(`${name} refuses a signature that is not right`, async () => {
      const { status, body } = await call(forger, one)
      assert.deepEqual([status, body.error.code], [401, 'Signature.Invalid'])
    })

    test(`${name} refuses another environment: never 404`, async () => {
      const elsewhere = { 'x-automq-environment-id': 'env-other' }
      const { status, body } = await call(clients.get('administrator')!, one, elsewhere)
      assert.deepEqual([status, body.error.code], [403, 'Environment.Unknown'])
    })

    if (isChange(one)) {
      test(`${name} refuses a page of another site`, async () => {
        const { status, body } = await call(clients.get('administrator')!, one, { origin: 'http://evil.test' })
        assert.equal(status, 403)
        assert.equal(body.error.code, 'Session.CrossOrigin')
      })
    }
  }

  test('is refused to some role for some call, or this guard would prove nothing', () => {
    const refused = documentedCalls.filter(
      ({ permission }) =>
        permissions.includes(permission as Permission) && !roleGrants('viewer', permission as Permission),
    )
    assert.ok(refused.length >= 7, `${refused.length} calls`)
  })
})

const withoutNames = (path: string): string =>
  path.replace(/\{\w+\}/g, '*').replace(/:\w+\{\[\^\/:?\]\+(:\w+)?\}/g, '*$1')
