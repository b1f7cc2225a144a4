import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, p99, quantile } from './quantile.ts'

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

test('finds the value that the share of the samples does not exceed', () => {
  assert.equal(p99(hundred), 99)
  assert.equal(median(hundred), 50)
  assert.equal(quantile(hundred, 1), 100)
})

test('takes the worst of few samples', () => {
  assert.equal(p99([3, 1, 2]), 3)
  assert.equal(median([7]), 7)
})

test('has no answer for no samples', () => {
  assert.throws(() => median([]), /no samples/)
})
