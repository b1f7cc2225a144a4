import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeStore, start } from '../../test/harness/rows.ts'
import { AppError } from '../domain/errors.ts'
import { changeOnce, type Once } from './idempotency-keys.ts'

const once: Once = { actor: 'admin', key: 'a-key', requestMarks: ['mark'], now: start }

/** A change that can be counted. */
function makeChange() {
  let count = 0
  return { change: async () => `result ${++count}`, count: () => count }
}

test('a change with a key happens once, and its repeat is told what came of it', async () => {
  await using store = await makeStore()
  const { change, count } = makeChange()
  assert.deepEqual(await changeOnce(store.db, once, change), { resultId: 'result 1', isRepeat: false })
  assert.deepEqual(await changeOnce(store.db, once, change), { resultId: 'result 1', isRepeat: true })
  assert.equal(count(), 1)
})

test('repeats that come together wait for the first', async () => {
  await using store = await makeStore()
  const { change, count } = makeChange()
  const results = await Promise.all(Array.from({ length: 6 }, () => changeOnce(store.db, once, change)))
  assert.equal(count(), 1)
  assert.equal(results.filter(({ isRepeat }) => isRepeat).length, 5)
})

test('without a key a change happens each time', async () => {
  await using store = await makeStore()
  const { change, count } = makeChange()
  await changeOnce(store.db, undefined, change)
  await changeOnce(store.db, undefined, change)
  assert.equal(count(), 2)
})

test('a key belongs to one actor', async () => {
  await using store = await makeStore()
  const { change, count } = makeChange()
  await changeOnce(store.db, once, change)
  await changeOnce(store.db, { ...once, actor: 'other' }, change)
  assert.equal(count(), 2)
})

test('a key that came with another request is refused', async () => {
  await using store = await makeStore()
  const { change } = makeChange()
  await changeOnce(store.db, once, change)
  await assert.rejects(
    changeOnce(store.db, { ...once, requestMarks: ['another'] }, change),
    (error) => error instanceof AppError && error.kind === 'conflict' && error.code === 'Idempotency.KeyReused',
  )
})

test('a request is known again by a mark of a former key', async () => {
  await using store = await makeStore()
  const { change, count } = makeChange()
  await changeOnce(store.db, once, change)
  assert.equal((await changeOnce(store.db, { ...once, requestMarks: ['new', 'mark'] }, change)).isRepeat, true)
  assert.equal(count(), 1)
})

test('a change that fails leaves its key unused', async () => {
  await using store = await makeStore()
  const { change } = makeChange()
  await assert.rejects(changeOnce(store.db, once, () => Promise.reject(new Error('no'))))
  assert.deepEqual(await changeOnce(store.db, once, change), { resultId: 'result 1', isRepeat: false })
})

test('a change that made nothing with a name is repeated as well', async () => {
  await using store = await makeStore()
  const nothing = async () => ''
  assert.deepEqual(await changeOnce(store.db, once, nothing), { resultId: '', isRepeat: false })
  assert.deepEqual(await changeOnce(store.db, once, nothing), { resultId: '', isRepeat: true })
})
