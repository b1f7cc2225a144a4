import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, explainCause, toAppError } from './errors.ts'

test('an AppError stays itself', () => {
  const error = new AppError('conflict', 'Instance.Busy', 'Busy.', { detail: 'op-1' })
  assert.equal(toAppError(error), error)
})

test('anything else is a bug that tells nothing of itself', () => {
  for (const thrown of [new TypeError('secret path /x'), 'secret', undefined, { secret: true }]) {
    const error = toAppError(thrown)
    assert.deepEqual([error.kind, error.code, error.detail], ['bug', 'Internal.Error', undefined])
    assert.doesNotMatch(error.message, /secret/)
    assert.equal(error.cause, thrown)
  }
})

test('logs have the whole chain of causes in one line', () => {
  const root = new Error('connection refused')
  const error = new AppError('unavailable', 'Kafka.Unreachable', 'Node 1 cannot be reached', { cause: root })
  assert.equal(explainCause(toAppError(error)), 'Node 1 cannot be reached: connection refused')
  assert.equal(explainCause('words'), 'words')
})
