import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ledByAnother, nextBriskly, nextGently } from './preferred-leader.ts'

describe('a partition changes to its preferred leader', () => {
  const led = (leader: number, replicas: number[], inSync = replicas) => ({
    topic: 'orders',
    partition: 0,
    leader,
    replicas,
    inSync,
  })

  test('when another leads it, or nobody does, and its first replica could', () => {
    const [byAnother, byNobody] = [led(2, [1, 2, 3]), led(-1, [1, 2, 3], [1])]
    assert.deepEqual(ledByAnother([led(1, [1, 2, 3]), byAnother, byNobody]), [byAnother, byNobody])
  })

  test('but not to one that is not in sync', () => assert.deepEqual(ledByAnother([led(2, [1, 2, 3], [2, 3])]), []))

  test('a few at first, and then as many again each time, so that thousands do not take long', () => {
    let left = Array.from({ length: 4_000 }, (_, partition) => partition)
    const groups: number[] = []
    for (let elected = 0; left.length > 0;) {
      const group = nextBriskly(left, elected)
      assert.deepEqual(group, left.slice(0, group.length))
      left = left.slice(group.length)
      elected += group.length
      groups.push(group.length)
    }
    assert.deepEqual(groups.slice(0, 4), [8, 8, 16, 32])
    assert.ok(groups.length <= 12, `${groups.length} groups`)
  })

  test('where nothing waits for it, one at first, and thousands in few steps all the same', () => {
    let steps = 0
    for (let elected = 0; elected < 4_000; steps++) {
      const group = nextGently(Array.from({ length: 4_000 - elected }), elected)
      if (steps === 0) assert.equal(group.length, 1)
      elected += group.length
    }
    assert.ok(steps <= 75, `${steps} steps`)
  })
})
