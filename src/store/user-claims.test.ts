import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addInstance, makeStore, start } from '../../test/harness/rows.ts'
import { claimUser, releaseUser } from './user-claims.ts'

const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const first = { now: start, until: later(60) }

test('one at a time changes a user, and another user meanwhile', async () => {
  await using store = await makeStore()
  const { id: instanceId } = await addInstance(store.db)
  const user = { instanceId, name: 'svc-orders' }
  const claims = await Promise.all(Array.from({ length: 4 }, () => claimUser(store.db, user, first)))
  const [claim, ...others] = claims.filter((one) => one !== undefined)
  assert.deepEqual([claim?.name, others], ['svc-orders', []])
  assert.ok(await claimUser(store.db, { instanceId, name: 'svc-other' }, first))
  await releaseUser(store.db, claim!)
  assert.ok(await claimUser(store.db, user, first))
})

test('whoever was lost holds it until its time is over, and then takes it from nobody', async () => {
  await using store = await makeStore()
  const { id: instanceId } = await addInstance(store.db)
  const user = { instanceId, name: 'svc-orders' }
  const lost = await claimUser(store.db, user, first)
  assert.equal(await claimUser(store.db, user, { now: later(60), until: later(120) }), undefined)
  assert.ok(await claimUser(store.db, user, { now: later(61), until: later(120) }))
  await releaseUser(store.db, lost!)
  assert.equal(await claimUser(store.db, user, { now: later(62), until: later(120) }), undefined)
})
