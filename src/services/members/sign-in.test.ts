import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { makeDatabase } from '../../../test/harness/database.ts'
import { ensureInitialMember } from './ensure-initial-member.ts'
import { findCaller } from './find-caller.ts'
import { makeSignInThrottle } from './sign-in-throttle.ts'
import { hashToken, sessionIdleMs, sessionLongestMs, signIn } from './sign-in.ts'

const environmentId = 'env-test'
const now = new Date('2026-01-01T00:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms)
const random = (bytes: number) => randomBytes(bytes)
const password = 'Water-wheel-7'

async function makeMember() {
  const database = await makeDatabase()
  const { db } = database
  await ensureInitialMember(db, { environmentId, name: 'admin', password, now, random })
  const throttle = makeSignInThrottle()
  const attempt = (with_: { user?: string; password?: string; source?: string; now?: Date }) =>
    signIn({ db, environmentId }, throttle, {
      user: 'admin',
      password,
      source: '10.0.0.1',
      now,
      random,
      ...with_,
    })
  return { db, attempt, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

const wrong = hasCode('Session.WrongCredentials')
const tooMany = hasCode('Session.TooManyAttempts')

function hasCode(code: string) {
  return (error: unknown) => error instanceof AppError && error.code === code
}

describe('signing in', () => {
  test('opens a session of which the database keeps the hash alone', async () => {
    await using given = await makeMember()
    const { token, member } = await given.attempt({})
    assert.equal(member.name, 'admin')
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    const rows = await given.db.selectFrom('sessions').selectAll().execute()
    assert.deepEqual(
      rows.map((row) => row.token_hash),
      [hashToken(token)],
    )
    assert.ok(!JSON.stringify(rows).includes(token))
  })

  test('says the same of an unknown name and of a wrong password', async () => {
    await using given = await makeMember()
    const refusals = await Promise.all([
      given.attempt({ user: 'nobody' }).catch((error: AppError) => error.message),
      given.attempt({ password: 'wrong' }).catch((error: AppError) => error.message),
    ])
    assert.equal(refusals[0], refusals[1])
  })

  test('slows an account down wherever the guesses come from, also for the right password', async () => {
    await using given = await makeMember()
    for (let guess = 0; guess < 5; guess++) {
      await assert.rejects(given.attempt({ password: 'wrong', source: `10.0.1.${guess}` }), wrong)
    }
    await assert.rejects(given.attempt({ source: '10.0.2.1', now: after(999) }), tooMany)
    await given.attempt({ source: '10.0.2.2', now: after(1000) })
  })

  test('slows a name that nobody has as much as one that somebody has', async () => {
    await using given = await makeMember()
    for (let guess = 0; guess < 5; guess++) {
      await assert.rejects(given.attempt({ user: 'nobody', source: `10.0.1.${guess}` }), wrong)
    }
    await assert.rejects(given.attempt({ user: 'nobody', source: '10.0.2.1', now: after(999) }), tooMany)
    await assert.rejects(given.attempt({ user: 'nobody', source: '10.0.2.2', now: after(1000) }), wrong)
  })

  test('counts guesses that are sent together', async () => {
    await using given = await makeMember()
    const guesses = Array.from({ length: 12 }, (_, index) =>
      given.attempt({ password: 'wrong', source: `10.0.1.${index}` }).catch((error: AppError) => error.code),
    )
    const codes = await Promise.all(guesses)
    assert.equal(codes.filter((code) => code === 'Session.WrongCredentials').length, 5)
    assert.equal(codes.filter((code) => code === 'Session.TooManyAttempts').length, 7)
  })

  test('slows an address down whatever names it tries', async () => {
    await using given = await makeMember()
    for (let guess = 0; guess < 5; guess++) await assert.rejects(given.attempt({ user: `name-${guess}` }), wrong)
    await assert.rejects(given.attempt({ user: 'name-5' }), tooMany)
  })

  test('forgets what went before after a success', async () => {
    await using given = await makeMember()
    for (let round = 0; round < 3; round++) {
      for (let guess = 0; guess < 4; guess++) await assert.rejects(given.attempt({ password: 'wrong' }), wrong)
      await given.attempt({})
    }
  })
})

describe('a refused sign-in', () => {
  test('stands in the audit with who and from where, and nothing else that was typed', async () => {
    await using given = await makeMember()
    await assert.rejects(given.attempt({ password: 'my-other-password' }), wrong)
    await assert.rejects(given.attempt({ user: 'typed-at-the-wrong-place', source: '10.0.0.2' }), wrong)
    const rows = await given.db.selectFrom('audit_events').selectAll().orderBy('id').execute()
    assert.deepEqual(
      rows.map(({ action, actor, source }) => [action, actor, source]),
      [
        ['member.create', 'millrace', null],
        ['session.refused', 'admin', '10.0.0.1'],
        ['session.refused', '(unknown)', '10.0.0.2'],
      ],
    )
    assert.doesNotMatch(JSON.stringify(rows), /my-other-password|wrong-place/)
  })

  test('is written down a bounded number of times an hour', () => {
    const throttle = makeSignInThrottle()
    const told = (at: Date, tries: number) => Array.from({ length: tries }, () => throttle.mayTell(at)).filter(Boolean)
    assert.equal(told(now, 501).length, 500)
    assert.equal(told(after(3600_000 - 1), 1).length, 0)
    assert.equal(told(after(3600_000), 501).length, 500)
  })
})

describe('a session', () => {
  test('ends after twelve hours without use', async () => {
    await using given = await makeMember()
    const hash = hashToken((await given.attempt({})).token)
    assert.ok(await findCaller(given.db, hash, after(sessionIdleMs - 1)))
    await using other = await makeMember()
    const idle = hashToken((await other.attempt({})).token)
    assert.equal(await findCaller(other.db, idle, after(sessionIdleMs)), undefined)
  })

  test('goes on while it is used, but ends after a week', async () => {
    await using given = await makeMember()
    const hash = hashToken((await given.attempt({})).token)
    for (let at = 0; at < sessionLongestMs; at += sessionIdleMs / 2) {
      assert.ok(await findCaller(given.db, hash, after(at)), `after ${at / 3600_000} h`)
    }
    assert.equal(await findCaller(given.db, hash, after(sessionLongestMs)), undefined)
  })

  test('is nobody’s with a token that was never given out', async () => {
    await using given = await makeMember()
    await given.attempt({})
    assert.equal(await findCaller(given.db, hashToken('made-up'), now), undefined)
  })
})

describe('the first member', () => {
  test('with a password given uses it as it is', async () => {
    await using given = await makeMember()
    const { member } = await given.attempt({})
    assert.equal(member.mustChangePassword, false)
    assert.equal(member.role, 'administrator')
  })

  test('without one gets a random password, told once and to be changed', async () => {
    await using database = await makeDatabase()
    const { db } = database
    const shown = await ensureInitialMember(db, { environmentId, name: 'admin', password: undefined, now, random })
    assert.ok(shown && shown.length >= 16)
    const request = { user: 'admin', password: shown, source: '10.0.0.1', now, random }
    const { member } = await signIn({ db, environmentId }, makeSignInThrottle(), request)
    assert.equal(member.mustChangePassword, true)
  })

  test('is made once, also when two processes start together', async () => {
    await using database = await makeDatabase()
    const { db } = database
    const initial = { environmentId, name: 'admin', password: undefined, now, random }
    const shown = await Promise.all([ensureInitialMember(db, initial), ensureInitialMember(db, initial)])
    assert.equal(shown.filter((words) => words !== undefined).length, 1)
    assert.equal(await ensureInitialMember(db, { ...initial, name: 'other' }), undefined)
    assert.equal((await db.selectFrom('members').selectAll().execute()).length, 1)
    const audit = await db.selectFrom('audit_events').select(['action', 'actor', 'detail']).execute()
    const detail = { subject: 'admin', after: { role: 'administrator' } }
    assert.deepEqual(audit, [{ action: 'member.create', actor: 'millrace', detail }])
  })
})
