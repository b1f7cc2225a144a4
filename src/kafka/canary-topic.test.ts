import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replicasFrom } from './canary-topic.ts'

test('goes round from each broker, three at most', () => {
  assert.deepEqual(
    [1, 2, 3].map((first) => replicasFrom(first, [1, 2, 3])),
    [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ],
  )
  assert.deepEqual(replicasFrom(5, [1, 2, 4, 5]), [5, 1, 2])
  assert.deepEqual(replicasFrom(1, [1]), [1])
})
