import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from './within.ts'

test('what answers in time is answered, and what fails in time fails as it does', async () => {
  assert.equal(await within(60_000, 'Looking', Promise.resolve(1)), 1)
  await assert.rejects(within(60_000, 'Looking', Promise.reject(new Error('no'))), /^Error: no$/)
})

test('what never answers ends in words, and in nothing that a caller takes for gone', async () => {
  const { promise } = Promise.withResolvers()
  await assert.rejects(within(1, 'Looking at the cluster', promise), {
    kind: 'unavailable',
    code: 'Request.TooSlow',
    message: 'Looking at the cluster took longer than 0.001 seconds. Nothing was changed: try again in a moment.',
  })
})
