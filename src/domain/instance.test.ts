import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  instanceActions,
  instanceCan,
  instanceStates,
  type InstanceAction,
  type InstanceState,
  type OpenOperation,
} from './instance.ts'

/** The whole law, row by row; the code is held against it for every action in every state. */
const allowed: Record<InstanceState, InstanceAction[]> = {
  Creating: ['delete'],
  Running: ['rename', 'delete', 'mend', 'change', 'heal', 'use'],
  Changing: ['delete', 'use'],
  Deleting: [],
  Error: ['rename', 'delete', 'mend', 'heal', 'use'],
  Deleted: [],
}

const wayOn: Record<InstanceState, RegExp> = {
  Creating: /being created\. Wait until it is Running, or cancel/,
  Running: /is running/,
  Changing: /being changed\. Wait until it is Running, or cancel/,
  Deleting: /being deleted/,
  Error: /cannot serve now\. It is Running again by itself.*restarted, given other settings, or deleted/,
  Deleted: /is deleted/,
}

for (const state of instanceStates) {
  describe(`while an Instance is ${state}`, () => {
    for (const action of instanceActions) {
      if (allowed[state].includes(action)) {
        test(`${action} is allowed`, () => assert.deepEqual(instanceCan(action, state), { allowed: true }))
      } else {
        test(`${action} is refused in words that show the way on`, () => {
          const answer = instanceCan(action, state)
          assert.ok(!answer.allowed)
          assert.match(answer.why, wayOn[state])
        })
      }
    }
  })
}

describe('while an Instance is in Error', () => {
  const allowedBy = (open: OpenOperation) =>
    instanceActions.filter((action) => instanceCan(action, 'Error', open).allowed)
  const why = (open: OpenOperation) => {
    const answer = instanceCan('mend', 'Error', open)
    return answer.allowed ? '' : answer.why
  }

  test('for a failed Operation, that is retried before anything is changed', () => {
    const open = { outcome: 'failed', givesWay: false } as const
    assert.deepEqual(allowedBy(open), ['rename', 'delete', 'heal', 'use'])
    assert.match(why(open), /retry its failed Operation, or delete/)
    assert.deepEqual(allowedBy({ ...open, givesWay: true }), allowedBy(open))
  })

  test('under a change that stands, that comes first', () => {
    const open = { outcome: 'active', givesWay: false } as const
    assert.deepEqual(allowedBy(open), ['delete', 'use'])
    assert.match(why(open), /Resume or cancel the change/)
  })

  test('its healing is in the way of nothing', () =>
    assert.deepEqual(allowedBy({ outcome: 'active', givesWay: true }), ['rename', 'delete', 'mend', 'heal', 'use']))
})

test('no state is a dead end: until it is deleted, an Instance can be', () => {
  for (const state of ['Creating', 'Running', 'Changing', 'Error'] as const)
    assert.ok(instanceCan('delete', state).allowed)
})
