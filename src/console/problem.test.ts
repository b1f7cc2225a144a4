import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemFrom, toProblem } from './problem.ts'

describe('a refusal', () => {
  it('keeps the words and the fields of the server', () => {
    const headers = { 'x-request-id': 'req-1' }
    const fields = [{ path: 'name', message: 'too short' }]
    const error = { code: 'Session.TooManyAttempts', message: 'Too many attempts.', detail: '', fields }
    const problem = problemFrom(new Response(null, { status: 429, headers }), { error })
    assert.equal(problem.message, 'Too many attempts.')
    assert.equal(problem.detail, undefined)
    assert.equal(problem.requestId, 'req-1')
    assert.deepEqual(problem.fields, fields)
  })

  it('still has words when the answer has none', () => {
    const problem = problemFrom(new Response(null, { status: 502 }), undefined)
    assert.match(problem.message, /answered 502/)
  })

  it('says that there was no answer when there was none', () => {
    assert.match(toProblem(new TypeError('Failed to fetch')).message, /does not answer/)
  })
})
