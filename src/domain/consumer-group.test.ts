import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isInScope, lagOf, resetMoves, whyNotReset, type ResetTarget } from './consumer-group.ts'

const place = { topic: 'orders', partition: 0, committed: 40, start: 10, end: 100 }

describe('the lag of a group', () => {
  const cases: [number | null, number | null][] = [
    [40, 60],
    [100, 0],
    // Records that have gone by their retention cannot be read any more.
    [5, 90],
    // The topic was made anew, and is shorter than before.
    [120, 0],
    [null, null],
  ]
  for (const [committed, lag] of cases)
    test(`at ${committed} of 10 to 100 is ${lag}`, () => assert.equal(lagOf({ ...place, committed }), lag))
})

describe('where a reset goes', () => {
  const at = new Date('2026-01-01T00:00:00Z')
  const cases: [ResetTarget, { committed?: number | null; lookedUp?: number | null }, number][] = [
    [{ to: 'earliest' }, {}, 10],
    [{ to: 'latest' }, {}, 100],
    [{ to: 'offset', offset: 55 }, {}, 55],
    [{ to: 'offset', offset: 5 }, {}, 10],
    [{ to: 'offset', offset: 500 }, {}, 100],
    [{ to: 'shift', by: -20 }, {}, 20],
    [{ to: 'shift', by: -200 }, {}, 10],
    [{ to: 'shift', by: 7 }, { committed: null }, 17],
    [{ to: 'time', at }, { lookedUp: 77 }, 77],
    [{ to: 'time', at }, { lookedUp: null }, 100],
  ]
  for (const [target, more, expected] of cases) {
    test(`${JSON.stringify(target)} from ${JSON.stringify({ ...more })}: ${expected}`, () => {
      const [move] = resetMoves([{ ...place, ...more }], target)
      assert.deepEqual([move!.target, move!.lagAfter], [expected, 100 - expected])
    })
  }

  test('is about the partitions that were named', () => {
    const at3 = { topic: 'orders', partition: 3 }
    assert.ok(isInScope(at3, {}))
    assert.ok(isInScope(at3, { topic: 'orders' }))
    assert.ok(isInScope(at3, { topic: 'orders', partitions: [3, 4] }))
    assert.ok(!isInScope(at3, { topic: 'orders', partitions: [4] }))
    assert.ok(!isInScope(at3, { topic: 'payments' }))
  })

  test('waits until nobody reads', () => {
    assert.equal(whyNotReset('billing', 0), undefined)
    assert.match(whyNotReset('billing', 1)!, /1 member reads in the group billing/)
    assert.match(whyNotReset('billing', 2)!, /2 members read/)
  })
})
