import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InstanceId, OperationId } from '../../domain/id.ts'
import type { Operation } from '../../domain/operation.ts'
import { changeProgress } from './change-progress.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000)

const change = (more: Partial<Operation>): Operation => ({
  id: 'op-1' as OperationId,
  environmentId: 'env-1',
  instanceId: 'kf-1' as InstanceId,
  kind: 'change-instance',
  outcome: 'active',
  step: 'spread-replicas',
  notes: {},
  input: { wish: {}, options: { soakSeconds: 60 } },
  waitingReason: null,
  failures: 0,
  error: null,
  actor: 'tester',
  givesWay: false,
  runAt: at(0),
  pausedAt: null,
  cancelRequestedAt: null,
  deadlineAt: null,
  isOverdue: false,
  createdAt: at(0),
  endedAt: null,
  ...more,
})

describe('the clock of watching', () => {
  const clock = (operation: Operation, now: Date) => {
    const { soakSecondsLeft, soakUntil } = changeProgress(operation, now)!
    return [soakSecondsLeft, soakUntil]
  }
  const notes = { soak: { watchedMs: 20_000, lookedAtMs: start } }

  test('runs while somebody looks', () => {
    assert.deepEqual(clock(change({ step: 'soak', notes }), at(2)), [38, at(40)])
  })

  test('stands still in a pause, and almost so while nobody looks', () => {
    assert.deepEqual(clock(change({ step: 'soak', notes, pausedAt: at(1) }), at(7200)), [39, null])
    assert.deepEqual(clock(change({ step: 'soak', notes }), at(7200)), [35, at(7235)])
  })

  test('is there only while it is watched', () => {
    assert.deepEqual(clock(change({ step: 'finalize', notes }), at(2)), [null, null])
    assert.deepEqual(clock(change({ step: 'soak', notes, outcome: 'failed' }), at(2)), [null, null])
  })
})
