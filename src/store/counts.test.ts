import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addInstance, addOperation, makeStore, second, start } from '../../test/harness/rows.ts'
import { countInstancesByState, countOperations, longestDueSeconds } from './counts.ts'

test('living Instances are counted by state', async () => {
  await using store = await makeStore()
  await addInstance(store.db)
  await addInstance(store.db)
  await addInstance(store.db, { state: 'Error' })
  await addInstance(store.db, { state: 'Deleted', deletedAt: start })
  const counts = await countInstancesByState(store.db)
  assert.deepEqual(
    new Map(counts.map(({ state, count }) => [state, count])),
    new Map([
      ['Running', 2],
      ['Error', 1],
    ]),
  )
})

test('Operations are counted by kind and outcome', async () => {
  await using store = await makeStore()
  await addOperation(store.db)
  await addOperation(store.db)
  await addOperation(store.db, { kind: 'delete-instance', outcome: 'failed' })
  const counts = await countOperations(store.db)
  assert.deepEqual(
    counts.toSorted((a, b) => a.kind.localeCompare(b.kind)),
    [
      { kind: 'create-instance', outcome: 'active', count: 2 },
      { kind: 'delete-instance', outcome: 'failed', count: 1 },
    ],
  )
})

test('the longest wait for a worker is that of the Operation due first and held by nobody', async () => {
  await using store = await makeStore()
  assert.equal(await longestDueSeconds(store.db, second(60)), 0)
  await addOperation(store.db, { runAt: second(50) })
  await addOperation(store.db, { runAt: second(70) })
  await addOperation(store.db, { runAt: start, pausedAt: start })
  await addOperation(store.db, { runAt: start, outcome: 'failed' })
  const held = await addOperation(store.db, { runAt: start })
  await store.db
    .updateTable('operations')
    .set({ lease_until: second(90) })
    .where('id', '=', held.id)
    .execute()
  assert.equal(await longestDueSeconds(store.db, second(60)), 10)
  assert.equal(await longestDueSeconds(store.db, second(91)), 91, 'a lease that has ended is nobody’s')
})
