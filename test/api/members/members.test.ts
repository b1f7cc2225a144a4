import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, password, type TestApp } from '../../harness/app.ts'
import { makeClient, type Client } from '../../harness/client.ts'

const anna = { name: 'anna', role: 'operator' }
const week = 7 * 24 * 3600

async function invite(admin: Client, more: Partial<typeof anna> = {}) {
  const { status, body, text } = await admin.post('/members', { ...anna, ...more })
  assert.equal(status, 201, text)
  return { ...body, path: `/members/${body.member.memberId}` }
}

async function signIn(app: TestApp, user: string, secret: string) {
  const { status, body, headers } = await app.anonymous.post('/sessions', { user, password: secret })
  return { status, body, client: makeClient(app.http, { cookie: headers.get('set-cookie')?.split(';')[0] ?? '' }) }
}

describe('inviting a member', () => {
  test('201 answers a password to sign in with once, and then to choose another', async () => {
    await using app = await makeApp()
    const { member, oneTimePassword, path } = await invite(await app.signIn())
    assert.deepEqual([member.name, member.role, member.mustChangePassword], ['anna', 'operator', true])
    assert.equal(member.invitedUntil, new Date(app.now().getTime() + week * 1000).toISOString())
    const { client } = await signIn(app, 'anna', oneTimePassword)
    assert.equal((await client.get('/instances')).body.error.code, 'Member.MustChangePassword')
    const change = { currentPassword: oneTimePassword, newPassword: 'Mill-stone-8' }
    assert.equal((await client.put('/members/current/password', change)).status, 204)
    assert.equal((await client.get('/instances')).status, 200)
    assert.equal((await signIn(app, 'anna', oneTimePassword)).status, 401)

    const admin = (await signIn(app, 'administrator', password)).client
    const { body } = await admin.get(path)
    assert.deepEqual([body.invitedUntil, body.lastSignedInAt, body.sessions], [null, app.now().toISOString(), 1])
  })

  test('the password is good for a week', async () => {
    await using app = await makeApp()
    const { oneTimePassword } = await invite(await app.signIn())
    app.pass(week)
    const { status, body } = await signIn(app, 'anna', oneTimePassword)
    assert.deepEqual([status, body.error.code], [401, 'Session.WrongCredentials'])
  })

  test('a repeat under its Idempotency-Key invites nobody else, and cannot be told the password', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const ask = () => admin.post('/members', anna, { 'idempotency-key': 'once' })
    assert.equal(typeof (await ask()).body.oneTimePassword, 'string')
    const { status, body } = await ask()
    assert.deepEqual([status, body.oneTimePassword], [201, null])
    assert.equal((await admin.get('/members')).body.total, 2)
  })

  test('400 and 409 say what is wrong with the name or the role', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const wrongName = await admin.post('/members', { name: 'a b', role: 'viewer' })
    assert.deepEqual([wrongName.status, wrongName.body.error.fields[0].path], [400, 'name'])
    const wrongRole = await admin.post('/members', { name: 'anna', role: 'root' })
    assert.deepEqual([wrongRole.status, wrongRole.body.error.fields[0].path], [400, 'role'])
    const taken = await admin.post('/members', { name: 'administrator', role: 'viewer' })
    assert.deepEqual([taken.status, taken.body.error.code], [409, 'Member.NameTaken'])
  })
})

describe('a member', () => {
  /** Invited, with a password of her own, and signed in. */
  async function settledAnna(app: TestApp, role = 'operator') {
    const admin = await app.signIn()
    const { oneTimePassword, path } = await invite(admin, { role })
    const { client } = await signIn(app, 'anna', oneTimePassword)
    const change = { currentPassword: oneTimePassword, newPassword: 'Mill-stone-8' }
    assert.equal((await client.put('/members/current/password', change)).status, 204)
    return { admin, client, path }
  }

  test('may from the next request on what the new role lets her', async () => {
    await using app = await makeApp()
    const { admin, client, path } = await settledAnna(app)
    assert.equal((await client.get('/members')).status, 403)
    assert.equal((await admin.patch(path, { role: 'administrator' })).body.role, 'administrator')
    assert.equal((await client.get('/members')).status, 200)
    const [row] = (await admin.get('/audit-events?action=member.change')).body.list
    assert.deepEqual([row.subject, row.before.role, row.after.role], ['anna', 'operator', 'administrator'])
  })

  test('is shut out at once, in the same words as a wrong password, and let in again', async () => {
    await using app = await makeApp()
    const { admin, client, path } = await settledAnna(app)
    const { body } = await admin.patch(path, { isDisabled: true })
    assert.deepEqual([body.isDisabled, body.sessions], [true, 0])
    assert.equal((await client.get('/instances')).status, 401)
    assert.equal((await signIn(app, 'anna', 'Mill-stone-8')).body.error.code, 'Session.WrongCredentials')
    await admin.patch(path, { isDisabled: false })
    assert.equal((await signIn(app, 'anna', 'Mill-stone-8')).status, 201)
    assert.equal((await client.get('/instances')).status, 401, 'the old session stays ended')
  })

  test('gets a new one-time password; the old one and every session end', async () => {
    await using app = await makeApp()
    const { admin, client, path } = await settledAnna(app)
    const { body } = await admin.post(`${path}:reset`)
    assert.equal((await client.get('/instances')).status, 401)
    assert.equal((await signIn(app, 'anna', 'Mill-stone-8')).status, 401)
    assert.equal((await signIn(app, 'anna', body.oneTimePassword)).body.member.mustChangePassword, true)
  })

  test('is signed out everywhere, and may come back', async () => {
    await using app = await makeApp()
    const { admin, client, path } = await settledAnna(app)
    const elsewhere = (await signIn(app, 'anna', 'Mill-stone-8')).client
    assert.equal((await admin.post(`${path}:signOut`)).body.sessions, 0)
    for (const one of [client, elsewhere]) assert.equal((await one.get('/instances')).status, 401)
    assert.equal((await signIn(app, 'anna', 'Mill-stone-8')).status, 201)
    assert.equal((await admin.get('/instances')).status, 200)
  })

  test('is gone, and her deeds stay', async () => {
    await using app = await makeApp()
    const { admin, client, path } = await settledAnna(app)
    assert.equal((await admin.delete(path)).status, 204)
    assert.equal((await client.get('/instances')).status, 401)
    assert.equal((await signIn(app, 'anna', 'Mill-stone-8')).status, 401)
    assert.equal((await admin.delete(path)).status, 404)
    assert.ok((await admin.get('/audit-events?actor=anna')).body.total > 0)
  })

  test('changes in something, or not at all', async () => {
    await using app = await makeApp()
    const { admin, path } = await settledAnna(app)
    assert.equal((await admin.patch(path, {})).body.error.code, 'Request.NothingToChange')
  })
})

describe('the last administrator', () => {
  const idOf = async (admin: Client) => (await admin.get('/sessions/current')).body.member.memberId

  test('keeps the role, stays in and is not deleted', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const path = `/members/${await idOf(admin)}`
    for (const { status, body } of [
      await admin.patch(path, { role: 'operator' }),
      await admin.patch(path, { isDisabled: true }),
      await admin.delete(path),
    ])
      assert.deepEqual([status, body.error.code], [409, 'Member.LastAdministrator'])
    assert.equal((await admin.patch(path, { role: 'administrator' })).status, 200)
  })

  test('does not count another one who is disabled', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path } = await invite(admin, { role: 'administrator' })
    await admin.patch(path, { isDisabled: true })
    assert.equal((await admin.delete(`/members/${await idOf(admin)}`)).status, 409)
    assert.equal((await admin.delete(path)).status, 204)
  })

  test('is one of two who are taken away at the same moment', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const { path } = await invite(admin, { role: 'administrator' })
    const own = `/members/${await idOf(admin)}`
    const change = { role: 'viewer' }
    const answers = await Promise.all([admin.patch(own, change), admin.patch(path, change)])
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    const rows = await app.database.db.selectFrom('members').select('role').execute()
    assert.equal(rows.filter(({ role }) => role === 'administrator').length, 1)
  })
})
