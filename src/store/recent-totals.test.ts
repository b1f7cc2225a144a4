import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { makeRecentTotals, type RecentTotals } from './recent-totals.ts'

let now = 0
let counts: number
let totals: RecentTotals
beforeEach(() => {
  counts = 0
  totals = makeRecentTotals(() => now)
})
const count = async () => ++counts
const ask = (question: string, newestEvent: number | null) => totals.get({ question, newestEvent }, count)

test('counts once for those who ask the same together, or soon after', async () => {
  assert.deepEqual(await Promise.all([ask('a', 1), ask('a', 1), ask('b', 1)]), [1, 1, 2])
  now += 999
  assert.equal(await ask('a', 1), 1)
})

test('counts again when something happened, and after a second', async () => {
  assert.equal(await ask('a', null), 1)
  assert.equal(await ask('a', 1), 2)
  assert.equal(await ask('a', 2), 3)
  now += 1_000
  assert.equal(await ask('a', 2), 4)
})

test('does not keep a count that failed', async () => {
  const asked = { question: 'a', newestEvent: 1 }
  await assert.rejects(
    totals.get(asked, () => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await ask('a', 1), 1)
})

test('says about how many there were, also while they are counted again, but not for ever', async () => {
  assert.equal(totals.about('a'), undefined)
  await ask('a', 1)
  assert.equal(totals.about('a'), 1)
  await ask('b', 2)
  assert.equal(totals.about('a'), 1)
  await ask('b', 3)
  assert.equal(totals.about('a'), undefined)
})
