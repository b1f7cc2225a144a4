import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { makeSignInThrottle, pauseAfter, type SignInThrottle } from './sign-in-throttle.ts'

const now = new Date('2026-01-01T00:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

/** As many as may be made at one moment: the fifth begins the first pause. */
function guess(throttle: SignInThrottle, guesser: string): void {
  for (let time = 0; time < 5; time++) throttle.take(guesser, now)
}

const isRefusedFor = (seconds: string) => (error: unknown) =>
  error instanceof AppError && error.code === 'Session.TooManyAttempts' && error.detail === seconds

test('the pause is nothing at first, then a second, doubling to five minutes', () => {
  assert.deepEqual([1, 4, 5, 6, 7, 14, 100].map(pauseAfter), [0, 0, 1000, 2000, 4000, 300_000, 300_000])
})

test('who guesses waits, and may go on when the pause is over, to wait longer', () => {
  const throttle = makeSignInThrottle()
  guess(throttle, 'from 10.0.0.1')
  assert.throws(() => throttle.take('from 10.0.0.1', now), isRefusedFor('1'))
  throttle.take('from 10.0.0.1', later(1))
  assert.throws(() => throttle.take('from 10.0.0.1', later(1)), isRefusedFor('2'))
})

test('others are not slowed', () => {
  const throttle = makeSignInThrottle()
  guess(throttle, 'from 10.0.0.1')
  throttle.take('from 10.0.0.2', now)
})

test('a success forgets what went before', () => {
  const throttle = makeSignInThrottle()
  guess(throttle, 'from 10.0.0.1')
  throttle.forget('from 10.0.0.1')
  throttle.take('from 10.0.0.1', now)
})

test('ten thousand are remembered; who guessed longest ago gives way', () => {
  const throttle = makeSignInThrottle()
  guess(throttle, 'first')
  guess(throttle, 'second')
  for (let index = 0; index < 9_999; index++) throttle.take(`other ${index}`, now)
  assert.throws(() => throttle.take('second', now), isRefusedFor('1'))
  throttle.take('first', now)
})
