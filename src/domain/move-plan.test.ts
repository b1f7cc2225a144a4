import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { batchesOf, movedBytes, planMoves, type Move, type Replicated, type Seat } from './move-plan.ts'

const seats = (count: number, racks = 1): Seat[] =>
  Array.from({ length: count }, (_, index) => ({ kafkaId: index + 1, rack: `r${index % racks}` }))

/** A topic laid out as Kafka does at its making: round and round over the brokers. */
const topic = (
  name: string,
  count: number,
  { brokers, width = 3 }: { brokers: number[]; width?: number },
): Replicated[] =>
  Array.from({ length: count }, (_, partition) => ({
    topic: name,
    partition,
    replicas: Array.from({ length: width }, (_unused, index) => brokers[(partition + index) % brokers.length]!),
    sizeBytes: 1000,
  }))

function after(partitions: Replicated[], moves: Move[]): Replicated[] {
  const by = new Map(moves.map((move) => [`${move.topic} ${move.partition}`, move.to]))
  return partitions.map((one) => ({ ...one, replicas: by.get(`${one.topic} ${one.partition}`) ?? one.replicas }))
}

const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts)
const replicasOn = (partitions: Replicated[], id: number) =>
  partitions.filter(({ replicas }) => replicas.includes(id)).length
const leadersOn = (partitions: Replicated[], id: number) =>
  partitions.filter(({ replicas }) => replicas[0] === id).length
const added = (moves: Move[]) =>
  moves.reduce((sum, { from, to }) => sum + to.filter((id) => !from.includes(id)).length, 0)

function assertSound(partitions: Replicated[], brokers: Seat[]): Replicated[] {
  const result = after(partitions, planMoves({ partitions, brokers }))
  const racks = new Set(brokers.map(({ rack }) => rack)).size
  for (const [index, { replicas }] of result.entries()) {
    assert.equal(replicas.length, partitions[index]!.replicas.length)
    assert.equal(new Set(replicas).size, replicas.length, 'two replicas on one broker')
    const own = replicas.map((id) => brokers.find(({ kafkaId }) => kafkaId === id)?.rack)
    assert.ok(!own.includes(undefined), 'a replica on a broker that leaves')
    assert.equal(new Set(own).size, Math.min(racks, replicas.length), 'fewer racks than there could be')
  }
  return result
}

function assertEven(result: Replicated[], brokers: Seat[]): void {
  for (const own of Map.groupBy(result, (one) => one.topic).values()) {
    assert.ok(spread(brokers.map(({ kafkaId }) => replicasOn(own, kafkaId))) <= 1, 'replicas of a topic')
    assert.ok(spread(brokers.map(({ kafkaId }) => leadersOn(own, kafkaId))) <= 1, 'leaders of a topic')
  }
}

describe('planning moves', () => {
  test('moves nothing when all is even and nobody leaves', () => {
    const partitions = topic('orders', 6, { brokers: [1, 2, 3] })
    assert.deepEqual(planMoves({ partitions, brokers: seats(3, 3) }), [])
  })

  test('gives two new brokers their share with the fewest moves', () => {
    const partitions = topic('orders', 60, { brokers: [1, 2, 3] })
    const moves = planMoves({ partitions, brokers: seats(5) })
    assertEven(after(partitions, moves), seats(5))
    assert.equal(added(moves), 72, 'two fifths of 180 replicas')
  })

  test('empties what leaves', () => {
    const partitions = topic('orders', 60, { brokers: [1, 2, 3, 4, 5] })
    const moves = planMoves({ partitions, brokers: seats(3) })
    assertEven(after(partitions, moves), seats(3))
    assert.equal(added(moves), 72, 'what was on the two')
  })

  test('gives a new broker its share of many topics of one partition each', () => {
    const partitions = Array.from({ length: 40 }, (_, index) => topic(`t${index}`, 1, { brokers: [1, 2, 3] })).flat()
    const result = assertSound(partitions, seats(4))
    assert.deepEqual(
      [1, 2, 3, 4].map((id) => replicasOn(result, id)),
      [30, 30, 30, 30],
    )
    assert.ok(spread([1, 2, 3, 4].map((id) => leadersOn(result, id))) <= 1)
  })

  test('changes only the leader where that is enough, and moves no bytes for it', () => {
    const partitions = topic('orders', 3, { brokers: [1, 2, 3] }).map((one) => ({ ...one, replicas: [1, 2, 3] }))
    const moves = planMoves({ partitions, brokers: seats(3, 3) })
    assert.equal(moves.length, 2)
    assert.equal(movedBytes(moves), 0)
  })

  test('keeps every zone that a partition is in, however uneven the zones are', () => {
    const brokers = [...seats(3, 3), { kafkaId: 4, rack: 'r0' }, { kafkaId: 5, rack: 'r1' }]
    const partitions = topic('orders', 30, { brokers: [1, 2, 3] })
    const result = assertSound(partitions, brokers)
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((id) => replicasOn(result, id)),
      [15, 15, 30, 15, 15],
    )
  })

  test('mends a partition whose replicas share a rack', () => {
    const brokers = [...seats(3, 3), { kafkaId: 4, rack: 'r0' }]
    assertSound([{ topic: 'a', partition: 0, replicas: [1, 4, 2], sizeBytes: 1 }], brokers)
  })

  test('refuses more replicas than there would be nodes, naming the topic', () => {
    const partitions = topic('wide', 1, { brokers: [1, 2, 3, 4], width: 4 })
    assert.throws(() => planMoves({ partitions, brokers: seats(3) }), /Topic wide has 4 replicas.*3 nodes/)
  })

  const clusters = fc.record({
    before: fc.integer({ min: 3, max: 8 }),
    after: fc.integer({ min: 3, max: 9 }),
    topics: fc.array(fc.record({ count: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
    shuffle: fc.infiniteStream(fc.nat(1000)),
  })
  type Cluster = typeof clusters extends fc.Arbitrary<infer C> ? C : never

  const lay = ({ before, topics, shuffle }: Cluster): Replicated[] =>
    topics.flatMap(({ count, width }, index) =>
      Array.from({ length: count }, (_, partition) => {
        const free = Array.from({ length: before }, (_unused, at) => at + 1)
        const replicas = Array.from({ length: width }, () => free.splice(shuffle.next().value! % free.length, 1)[0]!)
        return { topic: `t${index}`, partition, replicas, sizeBytes: 10 }
      }),
    )

  test('is sound and even from any layout, to any size', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const brokers = seats(cluster.after)
        assertEven(assertSound(lay(cluster), brokers), brokers)
      }),
    )
  })

  test('is sound over racks of one size, and even', () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom(3, 6, 9), (cluster, after_) => {
        const brokers = seats(after_, 3)
        const result = assertSound(lay(cluster), brokers)
        for (const own of Map.groupBy(result, (one) => one.topic).values()) {
          assert.ok(spread(brokers.map(({ kafkaId }) => leadersOn(own, kafkaId))) <= 1)
        }
      }),
    )
  })

  test('has nothing to add to its own result', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const brokers = seats(cluster.after)
        const partitions = lay(cluster)
        const result = after(partitions, planMoves({ partitions, brokers }))
        assert.deepEqual(planMoves({ partitions: result, brokers }), [])
      }),
    )
  })

  test('moves at most a tenth more than it must, of a topic by itself', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const brokers = seats(cluster.after)
        const partitions = lay({ ...cluster, topics: cluster.topics.slice(0, 1) })
        assert.ok(added(planMoves({ partitions, brokers })) <= Math.ceil(1.1 * leastMoves(partitions, brokers)) + 1)
      }),
    )
  })
})

/** What must go because its broker leaves or has more than its share; replicas that leave fill what is short first. */
function leastMoves(partitions: Replicated[], brokers: Seat[]): number {
  const total = partitions.reduce((sum, { replicas }) => sum + replicas.length, 0)
  const counts = brokers.map(({ kafkaId }) => replicasOn(partitions, kafkaId)).toSorted((a, b) => b - a)
  const [floor, rest] = [Math.floor(total / brokers.length), total % brokers.length]
  return counts.reduce((sum, count, index) => sum + Math.max(0, floor + (index < rest ? 1 : 0) - count), 0)
}

describe('batches', () => {
  const move = (sizeBytes: number): Move => ({ topic: 'a', partition: 0, from: [1, 2], to: [1, 3], sizeBytes })

  test('hold what fits, in order', () => {
    const batches = batchesOf([5, 5, 5, 50, 1].map(move), { mostPartitions: 10, mostBytes: 12 })
    assert.deepEqual(
      batches.map((batch) => batch.map(({ sizeBytes }) => sizeBytes)),
      [[5, 5], [5], [50], [1]],
    )
    assert.equal(
      batchesOf(
        Array.from({ length: 7 }, () => move(0)),
        { mostPartitions: 3, mostBytes: 1 },
      ).length,
      3,
    )
  })
})
