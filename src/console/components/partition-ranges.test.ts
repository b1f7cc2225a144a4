import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { partitionsIn, rangesOf } from './partition-ranges.ts'

describe('partitions in few words', () => {
  const cases: [number[], string][] = [
    [[], ''],
    [[3], '3'],
    [[2, 0, 1], '0–2'],
    [[0, 1, 2, 7, 9, 10], '0–2, 7, 9–10'],
  ]
  for (const [partitions, words] of cases)
    it(`${partitions.join()} is "${words}", and back`, () => {
      assert.equal(rangesOf(partitions), words)
      assert.deepEqual(
        partitionsIn(words)!.toSorted((one, other) => one - other),
        partitions.toSorted((one, other) => one - other),
      )
    })

  it('are understood as people type them', () => {
    assert.deepEqual(partitionsIn('0-2,1, 5'), [0, 1, 2, 5])
    for (const odd of ['a', '3-1', '1-', '-1', '1.5']) assert.equal(partitionsIn(odd), undefined)
  })
})
