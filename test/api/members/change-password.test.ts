import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, password, type TestApp } from '../../harness/app.ts'
import { makeClient } from '../../harness/client.ts'

const change = (newPassword: string, currentPassword = password) => ({ currentPassword, newPassword })
const path = '/members/current/password'

async function signInAgain(app: TestApp, secret: string) {
  const { status, headers } = await app.anonymous.post('/sessions', { user: 'administrator', password: secret })
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return { status, client: makeClient(app.http, { cookie }) }
}

test('204 lets the new password in and the old one out, and ends every other session', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  const elsewhere = await signInAgain(app, password)
  assert.equal((await client.put(path, change('Mill-stone-8'))).status, 204)
  assert.equal((await client.get('/sessions/current')).status, 200)
  assert.equal((await elsewhere.client.get('/sessions/current')).status, 401)
  assert.equal((await signInAgain(app, password)).status, 401)
  assert.equal((await signInAgain(app, 'Mill-stone-8')).status, 201)
})

test('400 says the rule at the field, and leaves the password as it was', async (t) => {
  await using app = await makeApp()
  const client = await app.signIn()
  const refused: [what: string, body: unknown, path: string, words: RegExp][] = [
    ['a wrong current password', change('Mill-stone-8', 'wrong'), 'currentPassword', /not right/],
    ['a short one', change('a1!'), 'newPassword', /8 to 128 characters/],
    ['one without a digit', change('Mill-stone'), 'newPassword', /one digit/],
    ['one without another sign', change('Millstone8'), 'newPassword', /one other character/],
    ['the old one', change(password), 'newPassword', /must differ/],
    ['a number', { currentPassword: password, newPassword: 12345678 }, 'newPassword', /is a text/],
    ['nothing', {}, 'currentPassword', /is a text/],
  ]
  for (const [what, sent, field, words] of refused) {
    await t.test(what, async () => {
      const { status, body } = await client.put(path, sent)
      assert.equal(status, 400)
      assert.equal(body.error.fields[0].path, field)
      assert.match(body.error.fields[0].message, words)
    })
  }
  assert.equal((await signInAgain(app, password)).status, 201)
})

describe('a first password', () => {
  const forceChange = async (app: TestApp) => {
    await app.database.db.updateTable('members').set({ must_change_password: true }).execute()
  }

  test('must be changed before anything else: 403 until then', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await forceChange(app)
    for (const ask of ['/instances', '/environment', '/events/stream', '/operations']) {
      const { status, body } = await client.get(ask)
      assert.equal(status, 403, ask)
      assert.equal(body.error.code, 'Member.MustChangePassword')
    }
    assert.equal((await client.get('/sessions/current')).body.member.mustChangePassword, true)
    assert.equal((await client.put(path, change('Mill-stone-8'))).status, 204)
    assert.equal((await client.get('/instances')).status, 200)
  })

  test('does not keep anybody from signing out', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await forceChange(app)
    assert.equal((await client.delete('/sessions/current')).status, 204)
  })
})

test('guessing the current password is slowed like signing in', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  for (let guess = 0; guess < 5; guess++) await client.put(path, change('Mill-stone-8', `guess-${guess}`))
  assert.equal((await client.put(path, change('Mill-stone-8'))).status, 429)
  app.pass(1)
  assert.equal((await client.put(path, change('Mill-stone-8'))).status, 204)
})
