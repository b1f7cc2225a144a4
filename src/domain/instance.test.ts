import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instanceActions, instanceCan, instanceStates, type InstanceAction, type InstanceState } from './instance.ts'

/** The whole law, row by row; the code is held against it for every action in every state. */
const allowed: Record<InstanceState, InstanceAction[]> = {
  Creating: ['delete'],
  Running: ['rename', 'delete', 'change', 'heal', 'use'],
  Changing: ['delete', 'use'],
  Deleting: [],
  Error: ['rename', 'delete', 'heal', 'use'],
  Deleted: [],
}

const wayOn: Record<InstanceState, RegExp> = {
  Creating: /being created\. Wait until it is Running, or cancel/,
  Running: /is running/,
  Changing: /being changed\. Wait until it is Running, or cancel/,
  Deleting: /being deleted/,
  Error: /retry its failed Operation, or delete/,
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

test('a change of what cannot serve is refused in words that say it comes back by itself', () => {
  const answer = instanceCan('change', 'Error', { isDown: true })
  assert.match(answer.allowed ? '' : answer.why, /cannot serve now\. It is Running again by itself/)
  assert.deepEqual(instanceCan('delete', 'Error', { isDown: true }), { allowed: true })
})

test('no state is a dead end: until it is deleted, an Instance can be', () => {
  for (const state of ['Creating', 'Running', 'Changing', 'Error'] as const)
    assert.ok(instanceCan('delete', state).allowed)
})
