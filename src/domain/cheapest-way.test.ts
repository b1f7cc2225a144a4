import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cheapestWay } from './cheapest-way.ts'

/** Prices by hop, such as `{ '0>1': 1 }`; from place 0 to the last. */
const wayOver = (places: number, prices: Record<string, number>, leastPrice = -1) =>
  cheapestWay({
    places,
    isSource: (place) => place === 0,
    isSink: (place) => place === places - 1,
    price: (from, to) => prices[`${from}>${to}`] ?? Infinity,
    leastPrice,
  })

describe('the cheapest way', () => {
  test('is the straight one among equals', () => assert.deepEqual(wayOver(3, { '0>2': 0, '0>1': 0, '1>2': 0 }), [0, 2]))

  test('goes round where that is cheaper', () =>
    assert.deepEqual(wayOver(3, { '0>2': 1, '0>1': 0, '1>2': 0 }), [0, 1, 2]))

  test('counts what pays back', () =>
    assert.deepEqual(wayOver(4, { '0>3': 1, '0>1': 1, '1>2': -1, '2>3': 0 }), [0, 1, 2, 3]))

  test('never runs in a circle, though it would pay back', () =>
    assert.deepEqual(wayOver(3, { '0>1': 0, '1>0': -1, '0>2': 1 }), [0, 2]))

  test('is none where there is no hop to a sink', () => assert.equal(wayOver(3, { '0>1': 0 }), null))

  test('leaves nothing out when it is told the least price', () =>
    assert.deepEqual(wayOver(4, { '0>1': 1, '1>3': 1, '0>2': 0, '2>3': 1 }, 0), [0, 2, 3]))
})
