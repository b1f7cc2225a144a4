import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { environmentId, makeStore, start } from '../../../test/harness/rows.ts'
import { millraceItself } from '../../domain/permission.ts'
import type { Database } from '../../store/database.ts'
import { makeSecretBox } from '../../store/secret-box.ts'
import { ensureInitialAccount } from './ensure-initial-account.ts'
import { findSigner } from './find-signer.ts'
import { removeServiceAccount } from './remove-service-account.ts'

const secrets = makeSecretBox([randomBytes(32)])
const contextOf = (db: Database) => ({ db, environmentId, secrets, now: () => start, random: randomBytes })
const pair = { accessKey: 'FIRSTKEY00000001', secretKey: 'a-first-secret-half-of-32-letters' }

test('the key pair of the settings signs as an administrator, once made however many processes start', async () => {
  await using store = await makeStore()
  const context = contextOf(store.db)
  await Promise.all(Array.from({ length: 4 }, () => ensureInitialAccount(context, pair)))
  const signer = await findSigner(context, pair.accessKey)
  assert.deepEqual([signer?.secretKey, signer?.account.role], [pair.secretKey, 'administrator'])
  const audit = await store.db.selectFrom('audit_events').select(['action', 'actor', 'detail']).execute()
  assert.deepEqual(
    audit.map(({ action, actor }) => [action, actor]),
    [['service-account.create', 'millrace']],
  )
  assert.ok(!JSON.stringify(audit).includes(pair.secretKey))
})

test('no other pair is made where there is an account already, and none without the settings', async () => {
  await using store = await makeStore()
  const context = contextOf(store.db)
  await ensureInitialAccount(context, undefined)
  assert.deepEqual(await store.db.selectFrom('service_accounts').selectAll().execute(), [])
  await ensureInitialAccount(context, pair)
  await ensureInitialAccount(context, { ...pair, accessKey: 'FIRSTKEY00000002' })
  assert.equal(await findSigner(context, 'FIRSTKEY00000002'), undefined)
})

test('a pair that was deleted does not come back, in this environment', async () => {
  await using store = await makeStore()
  const context = contextOf(store.db)
  await ensureInitialAccount(context, pair)
  const { account } = (await findSigner(context, pair.accessKey))!
  await removeServiceAccount(context, { id: account.id, actor: millraceItself })
  await ensureInitialAccount(context, pair)
  assert.equal(await findSigner(context, pair.accessKey), undefined)
})
