import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isInScope, lagOf, resetMoves, totalLag, whyInUse, whyNeverReset, type ResetTarget } from './consumer-group.ts'

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

  test('is not known where a leader does not tell, and then not in all either', () => {
    const untold = { ...place, start: null, end: null }
    assert.equal(lagOf(untold), null)
    assert.equal(totalLag([place, untold]), null)
    assert.equal(totalLag([place, place]), 120)
    assert.equal(totalLag([place, { ...untold, committed: null }]), 60)
    assert.equal(totalLag([]), 0)
  })
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
      const {
        moves: [move],
      } = resetMoves([{ ...place, ...more }], target)
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

  test('is not guessed where a leader does not tell: nothing else than the end could be taken for it', () => {
    const elsewhere = { ...place, partition: 1 }
    const untold = [
      { ...place, lookedUp: undefined },
      { ...place, lookedUp: 77, end: null },
    ]
    for (const one of untold) {
      const { moves, untold: left } = resetMoves([one, { ...elsewhere, lookedUp: null }], { to: 'time', at })
      assert.deepEqual([moves.map(({ target }) => target), left], [[100], [one]])
    }
    const mute = { ...place, start: null, end: null }
    for (const to of ['earliest', 'latest'] as const) assert.deepEqual(resetMoves([mute], { to }).untold, [mute])
    assert.deepEqual(resetMoves([place], { to: 'earliest' }).untold, [])
  })

  test('waits until nobody reads', () => {
    const group = (count: number) => ({ groupId: 'billing', type: 'classic', members: Array.from({ length: count }) })
    assert.equal(whyInUse(group(0)), undefined)
    assert.match(whyInUse(group(1))!, /1 member reads in the group billing/)
    assert.match(whyInUse(group(2))!, /2 members read/)
    assert.equal(whyNeverReset(group(2)), undefined)
  })

  test('is not for groups of another kind', () => {
    const share = { groupId: 'billing', type: 'share', members: null }
    assert.match(whyNeverReset(share)!, /share group/)
    assert.equal(whyInUse(share), undefined)
  })
})
