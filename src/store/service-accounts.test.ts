import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { addInstance, environmentId, makeStore, second, start } from '../../test/harness/rows.ts'
import { AppError } from '../domain/errors.ts'
import { instanceIdFrom, serviceAccountIdFrom } from '../domain/id.ts'
import type { ServiceAccount } from '../domain/service-account.ts'
import {
  deleteEndedAccessKeys,
  endAccessKeys,
  findSignerRow,
  insertAccessKey,
  listAccessKeys,
  touchAccessKey,
} from './access-keys.ts'
import type { Database } from './database.ts'
import { checkSecretKey } from './secret-check.ts'
import { makeSecretBox } from './secret-box.ts'
import {
  deleteServiceAccount,
  getServiceAccount,
  insertServiceAccount,
  listServiceAccounts,
  lockServiceAccount,
  updateServiceAccount,
} from './service-accounts.ts'
import { useSignature } from './used-signatures.ts'

const oldKey = randomBytes(32)
const box = makeSecretBox([oldKey])
const secretKey = 'a-secret-half'

const anAccount = (more: Partial<ServiceAccount> = {}): ServiceAccount => ({
  id: serviceAccountIdFrom(randomBytes(16)),
  environmentId,
  name: 'terraform',
  role: 'operator',
  instanceIds: null,
  expiresAt: null,
  disabledAt: null,
  createdBy: 'admin',
  createdAt: start,
  ...more,
})

async function add(db: Database, account: ServiceAccount, keys: [accessKey: string, createdAt: Date][] = []) {
  await db.transaction().execute(async (tx) => {
    await insertServiceAccount(tx, account)
    for (const [accessKey, createdAt] of keys) {
      const key = { accessKey, serviceAccountId: account.id, createdAt, endsAt: null, lastUsedAt: null }
      await insertAccessKey(tx, key, { secretKey, box })
    }
  })
  return account
}

describe('service accounts', () => {
  test('are read as they were written, by name, page by page', async () => {
    await using store = await makeStore()
    const scoped = { name: 'ci', instanceIds: [instanceIdFrom(randomBytes(16))], expiresAt: second(9) }
    const [terraform, ci] = [await add(store.db, anAccount()), await add(store.db, anAccount(scoped))]
    assert.deepEqual(await getServiceAccount(store.db, ci.id), ci)
    const page = { environmentId, page: 1, size: 50 }
    assert.deepEqual(await listServiceAccounts(store.db, page), { total: 2, list: [ci, terraform] })
    assert.deepEqual((await listServiceAccounts(store.db, { ...page, page: 2, size: 1 })).list, [terraform])
    assert.deepEqual((await listServiceAccounts(store.db, { ...page, environmentId: 'other' })).total, 0)
  })

  test('have names of their own in one environment', async () => {
    await using store = await makeStore()
    await add(store.db, anAccount())
    const isTaken = (thrown: unknown) => thrown instanceof AppError && thrown.code === 'ServiceAccount.NameTaken'
    await assert.rejects(add(store.db, anAccount()), isTaken)
  })

  test('change in all that may change, and nothing else', async () => {
    await using store = await makeStore()
    const account = await add(store.db, anAccount({ instanceIds: [] }))
    const change = { role: 'viewer' as const, instanceIds: null, expiresAt: second(5), disabledAt: second(1) }
    await store.db.transaction().execute((tx) => updateServiceAccount(tx, account.id, change))
    const held = await store.db.transaction().execute((tx) => lockServiceAccount(tx, account.id))
    assert.deepEqual(held, { ...account, ...change })
  })

  test('go with their keys, and are not found after', async () => {
    await using store = await makeStore()
    const account = await add(store.db, anAccount(), [['AK1', start]])
    await store.db.transaction().execute((tx) => deleteServiceAccount(tx, account.id))
    assert.equal(await findSignerRow(store.db, 'AK1', box), undefined)
    await assert.rejects(getServiceAccount(store.db, account.id), /There is no service account/)
  })
})

describe('access keys', () => {
  test('give their account and the secret half, which the database does not show', async () => {
    await using store = await makeStore()
    const account = await add(store.db, anAccount(), [['AK1', start]])
    const key = { accessKey: 'AK1', serviceAccountId: account.id, createdAt: start, endsAt: null, lastUsedAt: null }
    assert.deepEqual(await findSignerRow(store.db, 'AK1', box), { account, key, secretKey })
    assert.equal(await findSignerRow(store.db, 'ak1', box), undefined)
    const rows = await store.db.selectFrom('access_keys').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(secretKey))
  })

  test('remember their last use, at most as often as asked', async () => {
    await using store = await makeStore()
    const account = await add(store.db, anAccount(), [['AK1', start]])
    const use = async (at: number) => {
      await touchAccessKey(store.db, 'AK1', { now: second(at), unlessAfter: second(at - 60) })
      return (await listAccessKeys(store.db, [account.id]))[0]!.lastUsedAt
    }
    assert.deepEqual([await use(0), await use(59), await use(60)], [second(0), second(0), second(60)])
  })

  test('end when another takes over: the newest later, older ones at once, none later than it would have', async () => {
    await using store = await makeStore()
    const account = await add(store.db, anAccount(), [
      ['AK1', start],
      ['AK2', second(1)],
    ])
    const end = (at: number) => store.db.transaction().execute((tx) => endAccessKeys(tx, account.id, second(at)))
    const left = async () =>
      (await listAccessKeys(store.db, [account.id])).map(({ accessKey, endsAt }) => [accessKey, endsAt])
    await end(100)
    assert.deepEqual(await left(), [['AK2', second(100)]])
    await end(200)
    assert.deepEqual(await left(), [['AK2', second(100)]])
    await deleteEndedAccessKeys(store.db, second(99))
    assert.equal((await left()).length, 1)
    await deleteEndedAccessKeys(store.db, second(100))
    assert.deepEqual(await left(), [])
  })

  test('of nobody are no query', async () => {
    await using store = await makeStore()
    assert.deepEqual(await listAccessKeys(store.db, []), [])
  })
})

describe('the key of secrets', () => {
  test('is held against the database, and exchanged by keeping the former one for one start', async () => {
    await using store = await makeStore()
    await add(store.db, anAccount(), [['AK1', start]])
    const { id } = await addInstance(store.db)
    const features = { sealedToken: box.seal('a token', 'metrics') }
    await store.db
      .updateTable('instances')
      .set({ features: JSON.stringify(features) })
      .where('id', '=', id)
      .execute()
    await checkSecretKey(store.db, environmentId, box)
    await checkSecretKey(store.db, environmentId, box)

    const newKey = randomBytes(32)
    const [alone, both] = [makeSecretBox([newKey]), makeSecretBox([newKey, oldKey])]
    await assert.rejects(checkSecretKey(store.db, environmentId, alone), /sealed with another key/)
    await checkSecretKey(store.db, environmentId, both)
    await checkSecretKey(store.db, environmentId, alone)
    assert.equal((await findSignerRow(store.db, 'AK1', alone))?.secretKey, secretKey)
    const row = await store.db.selectFrom('instances').select('features').executeTakeFirstOrThrow()
    assert.equal(alone.open((row.features as typeof features).sealedToken, 'metrics'), 'a token')
    await assert.rejects(checkSecretKey(store.db, environmentId, box), /sealed with another key/)
  })
})

test('a signature is used once, however many try at one moment', async () => {
  await using store = await makeStore()
  const tries = await Promise.all(Array.from({ length: 8 }, () => useSignature(store.db, 'ab', second(900))))
  assert.deepEqual(tries.toSorted(), [false, false, false, false, false, false, false, true])
  assert.equal(await useSignature(store.db, 'cd', second(900)), true)
})
