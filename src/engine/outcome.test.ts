import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AppError, toAppError, type ErrorKind } from '../domain/errors.ts'
import { backOffSeconds, verdictOn } from './outcome.ts'

const meaning: Record<ErrorKind, 'give-up' | 'wait' | 'retry'> = {
  invalid: 'give-up',
  unauthenticated: 'give-up',
  forbidden: 'give-up',
  'not-found': 'give-up',
  limit: 'give-up',
  conflict: 'wait',
  throttled: 'wait',
  unavailable: 'retry',
  bug: 'retry',
}

describe('a throw in a step', () => {
  for (const [kind, expected] of Object.entries(meaning)) {
    test(`that is ${kind} means to ${expected}`, () => {
      const verdict = verdictOn(new AppError(kind as ErrorKind, 'Some.Code', 'Some words.'), 0)
      assert.equal(verdict.kind, expected)
      if (verdict.kind === 'wait') assert.equal(verdict.why, 'Some words.')
      if (verdict.kind === 'give-up') assert.deepEqual([verdict.code, verdict.message], ['Some.Code', 'Some words.'])
    })
  }

  test('that is unavailable is tried for ever', () =>
    assert.equal(verdictOn(new AppError('unavailable', 'A.B', 'm'), 1_000).kind, 'retry'))

  test('that is a bug is tried five times and then given up, without its words', () => {
    const bug = toAppError(new TypeError('x is not a function'))
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((before) => verdictOn(bug, before).kind),
      ['retry', 'retry', 'retry', 'retry', 'give-up', 'give-up'],
    )
    const verdict = verdictOn(bug, 4)
    assert.ok(verdict.kind === 'give-up')
    assert.doesNotMatch(verdict.message, /function/)
  })
})

describe('the back-off', () => {
  test('doubles from half a second to half a minute', () =>
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) => backOffSeconds(failures, 0)),
      [0.5, 1, 2, 4, 8, 16, 30, 30, 30],
    ))

  test('is spread by a quarter, and never longer than half a minute', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), chance, (failures, random) => {
        const full = backOffSeconds(failures, 0)
        const seconds = backOffSeconds(failures, random)
        assert.ok(seconds <= full && seconds > full * 0.75 - 1e-9 && full <= 30 && seconds > 0.3)
      }),
    )
  })
})
