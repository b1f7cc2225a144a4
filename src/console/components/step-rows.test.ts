import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OperationStatus, StepOutcome } from '../../domain/operation.ts'
import type { Step } from '../api-types.ts'
import { stepRows } from './step-rows.ts'

const plannedSteps = ['prepare', 'ensure', 'verify'].map((name) => ({ name, title: name }))

const step = (seq: number, name: string, outcome: StepOutcome): Step => ({
  seq,
  name,
  title: name,
  outcome,
  attempts: 1,
  waitingReason: null,
  error: null,
  startedAt: '2026-11-22T12:00:00Z',
  endedAt: outcome === 'running' ? null : '2026-11-22T12:00:01Z',
})

const looks = (status: OperationStatus, steps: Step[]) =>
  stepRows({ status, plannedSteps, steps, change: null }).map((row) => `${row.title} ${row.look}`)

describe('the lines of a timeline', () => {
  it('are the whole plan before anything ran', () => {
    assert.deepEqual(looks('Running', []), ['prepare planned', 'ensure planned', 'verify planned'])
  })

  it('are what ran, then what is to come', () => {
    const steps = [step(1, 'prepare', 'next'), step(2, 'ensure', 'running')]
    assert.deepEqual(looks('Running', steps), ['prepare done', 'ensure active', 'verify planned'])
    assert.deepEqual(looks('Paused', steps), ['prepare done', 'ensure paused', 'verify planned'])
  })

  it('show a step twice that ran twice', () => {
    const steps = [step(1, 'prepare', 'next'), step(2, 'ensure', 'next'), step(3, 'prepare', 'running')]
    assert.deepEqual(looks('Running', steps), [
      'prepare done',
      'ensure done',
      'prepare active',
      'ensure planned',
      'verify planned',
    ])
  })

  it('promise nothing after a cancel', () => {
    const steps = [step(1, 'prepare', 'next'), step(2, 'release', 'running')]
    assert.deepEqual(looks('Cancelling', steps), ['prepare done', 'release active'])
    assert.deepEqual(looks('Cancelled', [step(1, 'prepare', 'next'), step(2, 'release', 'cancelled')]), [
      'prepare done',
      'release cancelled',
    ])
  })

  it('tell what a cancel interrupted from what ended the way back', () => {
    const steps = [step(1, 'ensure', 'cancelled'), step(2, 'release', 'cancelled')]
    assert.deepEqual(looks('Cancelled', steps), ['ensure cancelled', 'release done'])
  })

  it('show what is still to come after a failure, for a retry goes on there', () => {
    assert.deepEqual(looks('Failed', [step(1, 'prepare', 'next'), step(2, 'ensure', 'failed')]), [
      'prepare done',
      'ensure failed',
      'verify planned',
    ])
  })
})
