import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { coalesce, keysOf } from './live.ts'

describe('coalesce', () => {
  it('runs at once, then once a second however often it is asked', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    const run = mock.fn()
    const { ask } = coalesce(run)
    for (let index = 0; index < 100; index++) ask('instances')
    assert.equal(run.mock.callCount(), 1)
    test.mock.timers.tick(1_000)
    assert.equal(run.mock.callCount(), 2)
    test.mock.timers.tick(5_000)
    assert.equal(run.mock.callCount(), 2)
  })

  it('keeps keys apart', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    const run = mock.fn((_key: string) => {})
    const { ask } = coalesce(run)
    ask('instances')
    ask('operations')
    assert.deepEqual(
      run.mock.calls.map((call) => call.arguments[0]),
      ['instances', 'operations'],
    )
  })

  it('runs nothing after it was stopped', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    const run = mock.fn()
    const { ask, stop } = coalesce(run)
    ask('instances')
    ask('instances')
    stop()
    test.mock.timers.tick(5_000)
    assert.equal(run.mock.callCount(), 1)
  })
})

describe('the queries that an event makes old', () => {
  it('are those of its Instance and of its Operation, and the lists that show them', () => {
    const keys = keysOf({ kind: 'operation.step', instanceId: 'kf-1', operationId: 'op-1' })
    assert.deepEqual(keys, [
      ['instances'],
      ['instance', 'kf-1'],
      ['environment'],
      ['operations'],
      ['operation', 'op-1'],
    ])
  })

  it('are none where the event names nothing', () => {
    assert.deepEqual(keysOf({ kind: 'member.signed-in', instanceId: null, operationId: null }), [])
  })
})
