import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  operationActions,
  operationCan,
  operationOutcomes,
  operationStatus,
  operationStatuses,
  type Operation,
  type OperationAction,
  type OperationStatus,
  type Refusals,
} from './operation.ts'

type Fields = Parameters<typeof operationStatus>[0]

const nothing: Refusals = { cancel: null, resume: null }

const at = new Date('2026-01-01T00:00:00Z')
const active: Fields = {
  outcome: 'active',
  pausedAt: null,
  cancelRequestedAt: null,
  failures: 0,
  waitingReason: null,
}

const inStatus: Record<OperationStatus, Fields> = {
  Running: active,
  Waiting: { ...active, waitingReason: 'Node 2 is starting.' },
  Retrying: { ...active, failures: 2 },
  Paused: { ...active, pausedAt: at },
  Cancelling: { ...active, cancelRequestedAt: at },
  Failed: { ...active, outcome: 'failed' },
  Succeeded: { ...active, outcome: 'succeeded' },
  Cancelled: { ...active, outcome: 'cancelled' },
}

describe('the status of an Operation', () => {
  for (const status of operationStatuses)
    test(`is ${status}`, () => assert.equal(operationStatus(inStatus[status]), status))

  test('is its end, whatever else stands in the row', () => {
    const all = { pausedAt: at, cancelRequestedAt: at, failures: 3, waitingReason: 'why' }
    assert.equal(operationStatus({ ...all, outcome: 'succeeded' }), 'Succeeded')
    assert.equal(operationStatus({ ...all, outcome: 'cancelled' }), 'Cancelled')
    assert.equal(operationStatus({ ...all, outcome: 'failed' }), 'Failed')
  })

  test('is Paused before Cancelling before Retrying before Waiting', () => {
    const waiting = inStatus.Waiting
    assert.equal(operationStatus({ ...waiting, failures: 1 }), 'Retrying')
    assert.equal(operationStatus({ ...waiting, failures: 1, cancelRequestedAt: at }), 'Cancelling')
    assert.equal(operationStatus({ ...waiting, failures: 1, cancelRequestedAt: at, pausedAt: at }), 'Paused')
  })
})

/** The whole law for an Operation that can be cancelled. */
const allowed: Record<OperationStatus, OperationAction[]> = {
  Running: ['pause', 'cancel'],
  Waiting: ['pause', 'cancel'],
  Retrying: ['pause', 'cancel'],
  Paused: ['resume', 'cancel'],
  Cancelling: ['pause'],
  Failed: ['cancel', 'retry'],
  Succeeded: [],
  Cancelled: [],
}

for (const status of operationStatuses) {
  describe(`an Operation that is ${status}`, () => {
    for (const action of operationActions) {
      const answer = operationCan(action, inStatus[status], nothing)
      if (allowed[status].includes(action)) {
        test(`lets a person ${action}`, () => assert.deepEqual(answer, { allowed: true }))
      } else {
        test(`refuses to ${action} and says why`, () => {
          assert.ok(!answer.allowed)
          assert.match(answer.why, /^[A-Z].{15,}\.$/)
        })
      }
    }

    test('is never cancelled when its kind cannot be', () => {
      const answer = operationCan('cancel', inStatus[status], { ...nothing, cancel: 'It has gone too far.' })
      assert.ok(!answer.allowed)
    })
  })
}

describe('what may be done to an Operation', () => {
  test('is to retry it, or cancel it again, when it failed on the way of a cancel', () => {
    const failed: Fields = { ...inStatus.Failed, cancelRequestedAt: at }
    assert.ok(operationCan('retry', failed, nothing).allowed)
    assert.ok(operationCan('cancel', failed, nothing).allowed)
  })

  test('is to retry it, not to resume it, when it failed while paused', () => {
    const failed: Fields = { ...inStatus.Failed, pausedAt: at }
    assert.ok(operationCan('retry', failed, nothing).allowed)
    const answer = operationCan('resume', failed, nothing)
    assert.ok(!answer.allowed)
    assert.match(answer.why, /retry it/)
  })

  test('is not to resume it, where it waits for a word of its own', () => {
    const answer = operationCan('resume', inStatus.Paused, { ...nothing, resume: 'Make it final, or roll back.' })
    assert.deepEqual(answer, { allowed: false, why: 'Make it final, or roll back.' })
  })

  const anyFields: fc.Arbitrary<Fields> = fc.record({
    outcome: fc.constantFrom(...operationOutcomes),
    pausedAt: fc.constantFrom(null, at),
    cancelRequestedAt: fc.constantFrom(null, at),
    failures: fc.nat(9),
    waitingReason: fc.constantFrom(null, 'Node 2 is starting.'),
  })
  const isOver = ({ outcome }: Pick<Operation, 'outcome'>) => outcome === 'succeeded' || outcome === 'cancelled'
  const may = (fields: Fields, refusals: Refusals) =>
    operationActions.filter((action) => operationCan(action, fields, refusals).allowed)

  test('is something, as long as it is open, also when it cannot be cancelled', () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(null, 'It has gone too far.'), (fields, refusal) => {
        assert.equal(may(fields, { ...nothing, cancel: refusal }).length > 0, !isOver(fields))
      }),
    )
  })

  test('never is to pause and to resume at once, nor to retry what goes on', () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(null, 'It has gone too far.'), (fields, refusal) => {
        const actions = may(fields, { ...nothing, cancel: refusal })
        assert.ok(!(actions.includes('pause') && actions.includes('resume')))
        assert.equal(actions.includes('retry'), fields.outcome === 'failed')
      }),
    )
  })
})
