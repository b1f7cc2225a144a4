import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, password } from '../../harness/app.ts'
import { makeClient } from '../../harness/client.ts'

const wrong = { user: 'administrator', password: 'not-the-password-1' }

describe('signing in', () => {
  test('201 answers who one is, with a cookie that no script and no other site can use', async () => {
    await using app = await makeApp()
    await app.signIn()
    const { status, body, headers } = await app.anonymous.post('/sessions', { user: 'administrator', password })
    assert.equal(status, 201)
    assert.match(body.member.memberId, /^member-/)
    assert.deepEqual(
      { ...body.member, memberId: '' },
      { memberId: '', name: 'administrator', role: 'administrator', mustChangePassword: false },
    )
    const cookie = headers.get('set-cookie')!
    for (const attribute of [/HttpOnly/, /SameSite=Strict/, /Path=\//, /Max-Age=604800/])
      assert.match(cookie, attribute)
    assert.ok(!JSON.stringify(body).includes(cookie.split(/[=;]/)[1]!), 'the token is in the cookie alone')
  })

  test('201 keeps the cookie to TLS where a proxy speaks it', async () => {
    await using app = await makeApp()
    await app.signIn()
    const credentials = { user: 'administrator', password }
    const plain = await app.anonymous.post('/sessions', credentials)
    const secure = await app.anonymous.post('/sessions', credentials, { 'x-forwarded-proto': 'https' })
    assert.ok(!/Secure/.test(plain.headers.get('set-cookie')!))
    assert.match(secure.headers.get('set-cookie')!, /; Secure/)
  })

  test('401 says the same of a wrong password and of an unknown name', async () => {
    await using app = await makeApp()
    await app.signIn()
    const answers = [
      await app.anonymous.post('/sessions', wrong),
      await app.anonymous.post('/sessions', { user: 'nobody', password }),
    ]
    for (const { status, body, headers } of answers) {
      assert.equal(status, 401)
      assert.equal(body.error.code, 'Session.WrongCredentials')
      assert.equal(headers.get('set-cookie'), null)
    }
    assert.deepEqual(answers[0]!.body, answers[1]!.body)
  })

  test('429 says how long to wait, and takes the right password when the time is over', async () => {
    await using app = await makeApp()
    await app.signIn()
    for (let guess = 0; guess < 5; guess++) await app.anonymous.post('/sessions', wrong)
    const right = { user: 'administrator', password }
    const { status, body, headers } = await app.anonymous.post('/sessions', right)
    assert.equal(status, 429)
    assert.equal(body.error.code, 'Session.TooManyAttempts')
    assert.equal(headers.get('retry-after'), '1')
    assert.match(body.error.message, /Try again in 1 s/)
    app.pass(1)
    assert.equal((await app.anonymous.post('/sessions', right)).status, 201)
  })

  for (const sent of [{}, { user: 'x' }, { user: 1, password: 'x' }, { ...wrong, remember: true }, []]) {
    test(`400 for ${JSON.stringify(sent).slice(0, 40)}`, async () => {
      await using app = await makeApp()
      assert.equal((await app.anonymous.post('/sessions', sent)).status, 400)
    })
  }
})

describe('a session', () => {
  test('tells who is signed in', async () => {
    await using app = await makeApp()
    const client = await app.signIn('viewer')
    const { status, body } = await client.get('/sessions/current')
    assert.equal(status, 200)
    assert.equal(body.member.role, 'viewer')
  })

  for (const path of ['/sessions/current', '/sessions']) {
    test(`ends on the server with DELETE ${path}: a copy of its cookie opens nothing`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const copy = makeClient(app.http, client.headers)
      const { status, headers } = await client.delete(path)
      assert.equal(status, 204)
      assert.match(headers.get('set-cookie')!, /millrace_session=; .*Max-Age=0/)
      assert.equal((await copy.get('/instances')).status, 401)
    })
  }

  test('ends after twelve hours without use', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    app.pass(11 * 3600)
    assert.equal((await client.get('/instances')).status, 200)
    app.pass(11 * 3600)
    assert.equal((await client.get('/instances')).status, 200)
    app.pass(12 * 3600)
    const { status, body } = await client.get('/instances')
    assert.equal(status, 401)
    assert.equal(body.error.code, 'Session.Missing')
  })

  test('is not there for a cookie that was made up', async () => {
    await using app = await makeApp()
    const client = makeClient(app.http, { cookie: 'millrace_session=made-up' })
    assert.equal((await client.get('/sessions/current')).status, 401)
  })
})

describe('a change from elsewhere', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'http://evil.test' },
    { origin: 'http://millrace.test:81' },
    { origin: 'null' },
    { origin: 'http://millrace.test.evil.test' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    test(`is refused with 403: ${JSON.stringify(headers)}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body } = await client.delete('/sessions/current', headers)
      assert.equal(status, 403)
      assert.equal(body.error.code, 'Session.CrossOrigin')
      assert.equal((await client.get('/sessions/current', headers)).status, 200, 'reading is no change')
    })
  }

  const own: Record<string, string>[] = [
    { origin: 'http://millrace.test' },
    { origin: 'https://millrace.test' },
    { 'sec-fetch-site': 'same-origin' },
    {},
  ]
  for (const headers of own) {
    test(`is none with ${JSON.stringify(headers)}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      assert.equal((await client.delete('/sessions/current', headers)).status, 204)
    })
  }
})
