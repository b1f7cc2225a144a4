import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evenShares, wholeAbove, wholeBelow } from './even-share.ts'

const free = (brokers: number) => ({ brokers, least: 0, most: Infinity })

describe('even shares', () => {
  test('are the same for all brokers where no rack is bound', () =>
    assert.deepEqual(evenShares(30, [free(2), free(4)]), [5, 5]))

  test('leave a fraction where they do not come out even', () => {
    const [share] = evenShares(10, [free(3)])
    assert.deepEqual([wholeBelow(share!), wholeAbove(share!)], [3, 4])
  })

  test('burden the broker of a small rack that every partition needs', () => {
    const rack = (brokers: number) => ({ brokers, least: 10, most: 10 })
    assert.deepEqual(evenShares(30, [rack(1), rack(2), rack(2)]), [10, 5, 5])
  })

  test('spare the brokers of a big rack that may not have two of a partition', () => {
    const rack = (brokers: number) => ({ brokers, least: 0, most: 10 })
    assert.deepEqual(evenShares(20, [rack(1), rack(1), rack(8)]), [5, 5, 1.25])
  })

  test('take whole numbers for whole, whatever arithmetic leaves', () => {
    assert.equal(wholeBelow(3 - 1e-12), 3)
    assert.equal(wholeAbove(3 + 1e-12), 3)
  })
})
