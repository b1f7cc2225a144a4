import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { makeStore, second, start } from '../../test/harness/rows.ts'
import { memberIdFrom } from '../domain/id.ts'
import type { Database } from './database.ts'
import { countMembers, findMemberByName, insertMember, lockMember, updatePassword, updateSignIns } from './members.ts'
import { deleteOtherSessions, deleteSession, findSession, insertSession, updateSessionExpiry } from './sessions.ts'

const aMember = (name = 'admin') => ({
  id: memberIdFrom(randomBytes(16)),
  name,
  passwordHash: 'scrypt$a',
  role: 'operator' as const,
  mustChangePassword: true,
  failedSignIns: 0,
  lockedUntil: null,
  createdAt: start,
  disabledAt: null,
  passwordUntil: null,
  lastSignedInAt: null,
})

describe('members', () => {
  test('are found by their name as they were inserted', async () => {
    await using store = await makeStore()
    const member = aMember()
    assert.equal(await insertMember(store.db, member), true)
    assert.deepEqual(await findMemberByName(store.db, 'admin'), member)
    assert.equal(await findMemberByName(store.db, 'Admin'), undefined)
  })

  test('keep the first of two with one name', async () => {
    await using store = await makeStore()
    const first = aMember()
    await insertMember(store.db, first)
    assert.equal(await insertMember(store.db, aMember()), false)
    assert.equal(await countMembers(store.db), 1)
    assert.equal((await findMemberByName(store.db, 'admin'))?.id, first.id)
  })

  test('remember attempts and until when they rest', async () => {
    await using store = await makeStore()
    const member = aMember()
    await insertMember(store.db, member)
    await updateSignIns(store.db, member.id, { failedSignIns: 5, lockedUntil: second(2) })
    const { failedSignIns, lockedUntil } = (await findMemberByName(store.db, 'admin'))!
    assert.deepEqual({ failedSignIns, lockedUntil }, { failedSignIns: 5, lockedUntil: second(2) })
  })

  test('need no change of a password that they have changed', async () => {
    await using store = await makeStore()
    const member = aMember()
    await insertMember(store.db, member)
    await store.db.transaction().execute((tx) => updatePassword(tx, member.id, 'scrypt$b'))
    const changed = { ...member, passwordHash: 'scrypt$b', mustChangePassword: false }
    assert.deepEqual(await findMemberByName(store.db, 'admin'), changed)
  })

  test('are held against a second writer', async () => {
    await using store = await makeStore()
    const member = aMember()
    await insertMember(store.db, member)
    const countOn = () =>
      store.db.transaction().execute(async (tx) => {
        const { failedSignIns } = await lockMember(tx, 'admin')
        await updateSignIns(tx, member.id, { failedSignIns: failedSignIns + 1, lockedUntil: null })
      })
    await Promise.all(Array.from({ length: 8 }, countOn))
    assert.equal((await findMemberByName(store.db, 'admin'))?.failedSignIns, 8)
  })
})

describe('sessions', () => {
  async function begin(db: Database, ...hashes: string[]) {
    const member = aMember()
    await insertMember(db, member)
    for (const tokenHash of hashes) {
      await insertSession(db, { tokenHash, memberId: member.id, createdAt: start, expiresAt: second(60) })
    }
    return member
  }

  test('are found with their member until they end', async () => {
    await using store = await makeStore()
    const member = await begin(store.db, 'one')
    const session = { tokenHash: 'one', memberId: member.id, createdAt: start, expiresAt: second(60) }
    assert.deepEqual(await findSession(store.db, 'one', second(59)), { session, member })
    assert.equal(await findSession(store.db, 'one', second(60)), undefined)
    assert.equal(await findSession(store.db, 'other', start), undefined)
  })

  test('can be made to last longer', async () => {
    await using store = await makeStore()
    await begin(store.db, 'one')
    await updateSessionExpiry(store.db, 'one', second(120))
    assert.ok(await findSession(store.db, 'one', second(119)))
  })

  test('end one by one, or all but one', async () => {
    await using store = await makeStore()
    const member = await begin(store.db, 'one', 'two', 'three')
    await deleteSession(store.db, 'one')
    await deleteOtherSessions(store.db, member.id, 'two')
    const left = await store.db.selectFrom('sessions').select('token_hash').execute()
    assert.deepEqual(left, [{ token_hash: 'two' }])
  })
})
