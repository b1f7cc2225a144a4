import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionState } from '../src/domain/observation.ts'
import { copiesBetween, leastCopies, unevennessOf, type Seat } from './evenness.ts'

const seats = (...zones: string[]): Seat[] => zones.map((zone, index) => ({ kafkaId: index + 1, zone }))
const topic = (...replicas: number[][]): PartitionState[] =>
  replicas.map((ids, partition) => ({ topic: 't', partition, leader: ids[0]!, replicas: ids, inSync: ids }))

const onThree = topic([1, 2, 3], [2, 3, 1], [3, 1, 2], [1, 2, 3])

test('a new node takes half of what its zone holds', () => {
  assert.equal(leastCopies(onThree, seats('a', 'b', 'c', 'a')), 2)
  assert.equal(leastCopies(onThree, seats('a', 'b', 'c', 'a', 'b')), 4)
})

test('where zones say nothing, it takes its share of all', () => {
  assert.equal(leastCopies(onThree, seats('a', 'a', 'a', 'a')), 3)
})

test('all that lies on a node that goes must be copied', () => {
  const onFour = topic([1, 2, 3], [2, 3, 4], [3, 4, 2], [1, 2, 3])
  assert.equal(leastCopies(onFour, seats('a', 'b', 'c')), 2)
})

test('counts what was copied, not what changed its place in the order', () => {
  assert.equal(copiesBetween(onThree, topic([2, 1, 3], [2, 3, 4], [3, 4, 2], [1, 2, 3])), 2)
})

test('tells the widest gap within a zone, and between leaders', () => {
  assert.deepEqual(unevennessOf(onThree, seats('a', 'b', 'c')), { replicas: 0, leaders: 1 })
  assert.deepEqual(unevennessOf(onThree, seats('a', 'b', 'c', 'a')), { replicas: 4, leaders: 2 })
})
