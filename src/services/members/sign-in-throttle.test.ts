import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { makeSignInThrottle, pauseAfterFailures } from './sign-in-throttle.ts'

const now = new Date('2026-01-01T00:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

const failTimes = (throttle: ReturnType<typeof makeSignInThrottle>, source: string, times: number) => {
  for (let time = 0; time < times; time++) throttle.recordFailure(source, now)
}

test('the pause is nothing at first, then doubles to five minutes', () => {
  assert.deepEqual([1, 4, 5, 6, 7, 14, 100].map(pauseAfterFailures), [0, 0, 1000, 2000, 4000, 300_000, 300_000])
})

test('an address that guesses waits, and may go on when the pause is over', () => {
  const throttle = makeSignInThrottle()
  failTimes(throttle, '10.0.0.1', 6)
  assert.throws(
    () => throttle.refuse('10.0.0.1', later(1)),
    (error) => error instanceof AppError && error.code === 'Session.TooManyAttempts' && error.detail === '1',
  )
  throttle.refuse('10.0.0.1', later(2))
})

test('another address is not slowed', () => {
  const throttle = makeSignInThrottle()
  failTimes(throttle, '10.0.0.1', 20)
  throttle.refuse('10.0.0.2', now)
})

test('a success forgets what went before', () => {
  const throttle = makeSignInThrottle()
  failTimes(throttle, '10.0.0.1', 20)
  throttle.forget('10.0.0.1')
  throttle.refuse('10.0.0.1', now)
})

test('ten thousand addresses are remembered; the one that failed longest ago gives way', () => {
  const throttle = makeSignInThrottle()
  failTimes(throttle, 'first', 20)
  failTimes(throttle, 'second', 20)
  for (let index = 0; index < 9_999; index++) throttle.recordFailure(`other-${index}`, now)
  throttle.refuse('first', now)
  assert.throws(() => throttle.refuse('second', now), /Too many wrong attempts/)
})
