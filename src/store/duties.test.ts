import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addOperation, makeStore, second, start } from '../../test/harness/rows.ts'
import { memberIdFrom } from '../domain/id.ts'
import { countInstancesByState, countOperations, longestDueSeconds } from './counts.ts'
import { postgresVersion, type Database } from './database.ts'
import { takeDuty } from './duties.ts'
import { claimEnvironment } from './environments.ts'
import { deleteExpired } from './expiry.ts'
import { insertMember } from './members.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

describe('the round of a duty', () => {
  test('is one process’s, of all that ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => takeDuty(db, 'race', { now: start, everySeconds: 10 })),
    )
    assert.equal(answers.filter((isMine) => isMine).length, 1)
    const again = await Promise.all(
      Array.from({ length: 8 }, () => takeDuty(db, 'race', { now: second(10), everySeconds: 10 })),
    )
    assert.equal(again.filter((isMine) => isMine).length, 1)
  })

  test('comes when its time has come, a little early at most', async () => {
    assert.ok(await takeDuty(db, 'time', { now: start, everySeconds: 10 }))
    assert.ok(!(await takeDuty(db, 'time', { now: second(8), everySeconds: 10 })))
    assert.ok(await takeDuty(db, 'time', { now: second(9.5), everySeconds: 10 }))
    assert.ok(!(await takeDuty(db, 'time', { now: second(12), everySeconds: 10 })))
    assert.ok(await takeDuty(db, 'time', { now: second(1_000), everySeconds: 10 }))
  })

  test('is no other duty’s', async () => {
    assert.ok(await takeDuty(db, 'one', { now: start, everySeconds: 10 }))
    assert.ok(await takeDuty(db, 'another', { now: start, everySeconds: 10 }))
  })
})

describe('what has outlived its use', () => {
  test('goes: sessions and signatures that ended, and old keys; the others stay', async () => {
    const memberId = memberIdFrom(randomBytes(16))
    const member = { id: memberId, name: 'anna', passwordHash: 'x', role: 'viewer', mustChangePassword: false } as const
    await insertMember(db, { ...member, createdAt: start, passwordUntil: null })
    for (const at of [1, 5, 9]) {
      const session = { token_hash: `s${at}`, member_id: memberId, created_at: start, expires_at: second(at) }
      await db.insertInto('sessions').values(session).execute()
      await db
        .insertInto('used_signatures')
        .values({ signature: `u${at}`, until: second(at) })
        .execute()
      const key = { actor: 'anna', key: `k${at}`, request_hash: 'h', result_id: 'r', created_at: second(at) }
      await db.insertInto('idempotency_keys').values(key).execute()
    }
    await deleteExpired(db, { sessionsBefore: second(5), keysBefore: second(9) })
    const sessions = await db.selectFrom('sessions').select('token_hash').orderBy('token_hash').execute()
    const signatures = await db.selectFrom('used_signatures').select('signature').orderBy('signature').execute()
    const keys = await db.selectFrom('idempotency_keys').select('key').execute()
    assert.deepEqual(
      sessions.map((row) => row.token_hash),
      ['s5', 's9'],
    )
    assert.deepEqual(
      signatures.map((row) => row.signature),
      ['u5', 'u9'],
    )
    assert.deepEqual(
      keys.map((row) => row.key),
      ['k9'],
    )
  })
})

describe('an environment', () => {
  const claim = { id: 'env-claimed', provider: 'local', providerRoot: 'first', now: start }

  test('is where the first process said it is', async () => {
    assert.deepEqual(await claimEnvironment(db, claim), { providerRoot: 'first' })
    assert.deepEqual(await claimEnvironment(db, { ...claim, providerRoot: 'second' }), { providerRoot: 'first' })
  })

  test('is claimed by several at once without harm', async () => {
    const roots = ['a', 'b', 'c']
    const claims = await Promise.all(
      roots.map((providerRoot) => claimEnvironment(db, { ...claim, id: 'env-race', providerRoot })),
    )
    assert.equal(new Set(claims.map(({ providerRoot }) => providerRoot)).size, 1)
  })

  test('keeps its provider, and says what to do instead', async () => {
    await claimEnvironment(db, { ...claim, id: 'env-kept' })
    await assert.rejects(claimEnvironment(db, { ...claim, id: 'env-kept', provider: 'simulated' }), {
      code: 'Environment.OtherProvider',
      message: /begun with the provider "local"\. Set MILLRACE_PROVIDER=local/,
    })
  })
})

describe('counts', () => {
  test('are of living Instances by state, and of Operations by kind and outcome', async () => {
    await addOperation(db, { kind: 'count-me', outcome: 'succeeded' })
    await addOperation(db, { kind: 'count-me', outcome: 'succeeded' })
    await addOperation(db, { kind: 'count-me', outcome: 'failed' })
    const counted = (await countOperations(db)).filter(({ kind }) => kind === 'count-me')
    assert.deepEqual(
      counted.toSorted((a, b) => a.outcome.localeCompare(b.outcome)),
      [
        { kind: 'count-me', outcome: 'failed', count: 1 },
        { kind: 'count-me', outcome: 'succeeded', count: 2 },
      ],
    )
    const states = await countInstancesByState(db)
    assert.deepEqual(states, [{ state: 'Running', count: 3 }])
  })

  test('tell how long the longest due Operation has waited for a worker', async () => {
    assert.equal(await longestDueSeconds(db, start), 0)
    await addOperation(db, { runAt: second(3) })
    await addOperation(db, { runAt: second(1), pausedAt: start })
    assert.equal(await longestDueSeconds(db, second(10)), 7)
    assert.equal(await longestDueSeconds(db, second(2)), 0)
  })
})

test('the version of the server is known', async () => assert.ok((await postgresVersion(db)) >= 15))
