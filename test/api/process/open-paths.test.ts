import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { openDatabase } from '../../../src/store/database.ts'
import { makeApp } from '../../harness/app.ts'
import { runInstance } from '../../harness/instances.ts'
import { addServiceAccount } from '../../harness/signed-client.ts'

describe('/healthz', () => {
  test('answers while the process lives, also without its database', async () => {
    const db = openDatabase({ host: '/nowhere', user: 'nobody' })
    await using app = await makeApp({ db })
    assert.equal((await app.anonymous.send('GET', '/healthz')).status, 200)
  })
})

describe('/readyz', () => {
  test('answers 200 when Millrace can serve', async () => {
    await using app = await makeApp()
    assert.equal((await app.anonymous.send('GET', '/readyz')).status, 200)
  })

  test('answers 503 while it stops', async () => {
    await using app = await makeApp({ isWorking: () => false })
    const { status, body } = await app.anonymous.send('GET', '/readyz')
    assert.equal(status, 503)
    assert.equal(body.error.code, 'Millrace.Stopping')
  })

  test('answers 503 without its database', async () => {
    const db = openDatabase({ host: '/nowhere', user: 'nobody' })
    await using app = await makeApp({ db })
    const { status, body } = await app.anonymous.send('GET', '/readyz')
    assert.equal(status, 503)
    assert.equal(body.error.code, 'Database.Unavailable')
  })
})

test('a call that needs the database answers 503 without it, and nothing of the cause', async () => {
  const db = openDatabase({ host: '/nowhere', user: 'nobody' })
  await using app = await makeApp({ db })
  const { status, text } = await app.anonymous.post('/sessions', { user: 'admin', password: 'Water-wheel-7' })
  assert.equal(status, 503)
  assert.ok(!text.includes('nowhere'), text)
})

test('a bug answers 500 with one calm sentence and the request’s id, and nothing of the cause', async () => {
  const describeEnvironment = () => Promise.reject(new TypeError('secret thing is undefined'))
  await using app = await makeApp({ describeEnvironment })
  const client = await app.signIn()
  const { status, body, text, headers } = await client.get('/environment')
  assert.equal(status, 500)
  assert.ok(!text.includes('secret'), text)
  assert.ok(body.error.message.includes(headers.get('x-request-id')!), body.error.message)
})

describe('/metrics', () => {
  test('counts Instances, Operations and answers, by pattern and never by id', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await client.get(`/instances/${id}`)
    const { status, text } = await app.anonymous.send('GET', '/metrics')
    assert.equal(status, 200)
    assert.match(text, /^millrace_instances\{state="Running"\} 1$/m)
    assert.match(text, /^millrace_operations\{kind="create-instance",outcome="succeeded"\} 1$/m)
    assert.match(
      text,
      /millrace_http_request_duration_seconds_count\{[^}]*route="\/api\/v1\/instances\/\{instanceId\}"/,
    )
    assert.match(text, /^millrace_operation_longest_due_seconds 0$/m)
    assert.match(text, /^nodejs_eventloop_lag_seconds/m)
    assert.ok(!text.includes(id))
  })

  test('is closed to who comes through a proxy without a session', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      const headers = { [name]: '203.0.113.9' }
      assert.equal((await app.anonymous.send('GET', '/metrics', { headers })).status, 401, name)
      assert.equal((await client.send('GET', '/metrics', { headers })).status, 200, name)
    }
  })

  test('is closed from elsewhere to an account that is kept to certain Instances', async () => {
    await using app = await makeApp()
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const { client: whole } = await addServiceAccount(app, { role: 'viewer' })
    assert.equal((await whole.send('GET', '/metrics', { headers })).status, 200)
    const instanceIds = ['kf-0000000000000000' as InstanceId]
    const { client: kept } = await addServiceAccount(app, { role: 'viewer', instanceIds })
    const { status, body } = await kept.send('GET', '/metrics', { headers })
    assert.deepEqual([status, body.error.code], [403, 'ServiceAccount.OutOfScope'])
  })

  test('is closed from elsewhere to a member who has not chosen a password yet', async () => {
    await using app = await makeApp()
    const client = await app.signIn('viewer')
    await app.database.db.updateTable('members').set({ must_change_password: true }).execute()
    const { status, body } = await client.send('GET', '/metrics', { headers: { via: '1.1 proxy' } })
    assert.deepEqual([status, body.error.code], [403, 'Member.MustChangePassword'])
  })
})

describe('the API document', () => {
  test('is served as it is committed', async () => {
    await using app = await makeApp()
    const { status, body } = await app.anonymous.send('GET', '/openapi.json')
    assert.equal(status, 200)
    const { default: committed } = await import('../../../openapi.json', { with: { type: 'json' } })
    assert.deepEqual(body, JSON.parse(JSON.stringify(committed)))
  })
})

describe('what is not there', () => {
  const missing: [method: string, path: string][] = [
    ['GET', '/api/v1/clusters'],
    ['POST', '/api/v1/instances/x/y/z'],
    ['GET', '/api/v2/instances'],
    ['GET', '/assets/gone.js'],
    ['POST', '/instances'],
  ]
  for (const [method, path] of missing) {
    test(`is 404 in our own error body: ${method} ${path}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body } = await client.send(method, path)
      assert.equal(status, 404)
      assert.equal(body.error.code, 'Request.NoSuchPath')
    })
  }

  const wrongMethods: [method: string, path: string, allow: string][] = [
    ['PUT', '/api/v1/instances', 'GET, POST'],
    ['POST', '/api/v1/instances/kf-0000000000000000', 'GET, PATCH, DELETE'],
    ['GET', '/api/v1/operations/op-0000000000000000:cancel', 'POST'],
    ['PATCH', '/api/v1/sessions', 'POST, DELETE'],
    ['DELETE', '/api/v1/events/stream', 'GET'],
    ['POST', '/healthz', 'GET'],
    ['OPTIONS', '/api/v1/instances', 'GET, POST'],
  ]
  for (const [method, path, allow] of wrongMethods) {
    test(`is 405 with what is taken: ${method} ${path}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body, headers } = await client.send(method, path)
      assert.equal(status, 405)
      assert.equal(body.error.code, 'Request.WrongMethod')
      assert.deepEqual(new Set(headers.get('allow')!.split(', ')), new Set(allow.split(', ')))
    })
  }
})

describe('every answer', () => {
  test('has an id of its own and keeps to our own pages', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const answers = [
      await client.get('/instances'),
      await client.get('/nothing'),
      await app.anonymous.get('/instances'),
      await app.anonymous.send('GET', '/auth/login'),
    ]
    assert.equal(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size, answers.length)
    for (const { headers } of answers) {
      assert.match(headers.get('x-request-id')!, /^[\w-]{12}$/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.ok(headers.get('referrer-policy'))
      const policy = headers.get('content-security-policy')!
      for (const part of [/default-src 'self'/, /frame-ancestors 'none'/, /img-src 'self' data:/])
        assert.match(policy, part)
      assert.ok(!/script-src/.test(policy), 'scripts are our own files alone')
    }
  })
})

describe('the console', () => {
  async function makeConsole() {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-console-'))
    await mkdir(join(directory, 'assets'))
    await writeFile(join(directory, 'index.html'), '<!doctype html><title>The page</title>')
    await writeFile(join(directory, 'assets/index-abc123.js'), 'console.log("page")')
    return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
  }

  test('is its page for every path of its own, never kept', async () => {
    await using built = await makeConsole()
    await using app = await makeApp({ consoleDirectory: built.directory })
    for (const path of ['/', '/auth/login', '/instances', '/instances/kf-0000000000000000']) {
      const { status, text, headers } = await app.anonymous.send('GET', path)
      assert.equal(status, 200)
      assert.match(text, /The page/)
      assert.match(headers.get('content-type')!, /text\/html/)
      assert.equal(headers.get('cache-control'), 'no-cache')
    }
    const head = await app.anonymous.send('HEAD', '/auth/login')
    assert.deepEqual([head.status, head.text], [200, ''])
  })

  test('keeps files with a hash in their name for ever, and squeezes them for who takes that', async () => {
    await using built = await makeConsole()
    await using app = await makeApp({ consoleDirectory: built.directory })
    const { status, text, headers } = await app.anonymous.send('GET', '/assets/index-abc123.js')
    assert.equal(status, 200)
    assert.equal(text, 'console.log("page")')
    assert.match(headers.get('content-type')!, /javascript/)
    assert.match(headers.get('cache-control')!, /max-age=31536000.*immutable/)
    const squeezed = await app.anonymous.send('GET', '/assets/index-abc123.js', {
      headers: { 'accept-encoding': 'gzip' },
    })
    assert.equal(squeezed.headers.get('content-encoding'), 'gzip')
    const again = await app.anonymous.send('GET', '/assets/index-abc123.js', {
      headers: { 'if-none-match': headers.get('etag')! },
    })
    assert.equal(again.status, 304)
  })

  for (const path of ['/../package.json', '/assets/..%2f..%2fpackage.json', '/%2e%2e/package.json']) {
    test(`leads nowhere else: ${path}`, async () => {
      await using built = await makeConsole()
      await using app = await makeApp({ consoleDirectory: built.directory })
      assert.ok(!(await app.anonymous.send('GET', path)).text.includes('"millrace"'))
    })
  }

  test('says so when it was not built', async () => {
    await using app = await makeApp()
    const { status, text } = await app.anonymous.send('GET', '/auth/login')
    assert.equal(status, 200)
    assert.match(text, /The console has not been built/)
  })
})
