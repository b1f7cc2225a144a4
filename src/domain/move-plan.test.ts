import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { movedBytes, nextBatch, placesForNew, planMoves, type Move, type Replicated, type Seat } from './move-plan.ts'

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
  assert.ok(spread(brokers.map(({ kafkaId }) => replicasOn(result, kafkaId))) <= 1, 'replicas of all topics')
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

  test('moves the smallest of those that may move as well', () => {
    const partitions = topic('orders', 4, { brokers: [1], width: 1 }).map((one) => ({
      ...one,
      sizeBytes: 100 - one.partition,
    }))
    const moves = planMoves({ partitions, brokers: seats(2) })
    assert.deepEqual(
      moves.map(({ partition }) => partition),
      [2, 3],
    )
  })

  test('keeps the order of replicas that stay, and puts new ones last', () => {
    const partitions = topic('orders', 1, { brokers: [3, 1, 2] })
    const [move] = planMoves({ partitions, brokers: seats(4).filter(({ kafkaId }) => kafkaId !== 1) })
    assert.deepEqual(move, { topic: 'orders', partition: 0, from: [3, 1, 2], to: [3, 2, 4], sizeBytes: 1000 })
  })

  test('leads a partition of three from each of five brokers alike, though one of them carries them all', () => {
    const brokers = [...seats(3, 3), { kafkaId: 4, rack: 'r0' }, { kafkaId: 5, rack: 'r1' }]
    const result = assertSound(topic('orders', 30, { brokers: [1, 2, 3] }), brokers)
    assert.deepEqual(
      brokers.map(({ kafkaId }) => leadersOn(result, kafkaId)),
      [6, 6, 6, 6, 6],
    )
  })

  test('gives the same plan in whatever order it is asked', () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 3 }), (cluster, racks) => {
        const [partitions, brokers] = [lay(cluster), seats(cluster.after, racks)]
        assert.deepEqual(
          planMoves({ partitions, brokers }),
          planMoves({ partitions: partitions.toReversed(), brokers: brokers.toReversed() }),
        )
      }),
    )
  })

  test('is sound and even from any layout, to any size', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const brokers = seats(cluster.after)
        assertEven(assertSound(lay(cluster), brokers), brokers)
      }),
    )
  })

  test('is sound and even over racks of one size', () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom(2, 3), fc.integer({ min: 2, max: 4 }), (cluster, racks, each) => {
        const brokers = seats(racks * each, racks)
        assertEven(assertSound(lay(cluster), brokers), brokers)
      }),
    )
  })

  test('is sound over racks of any size, and leads as evenly as its replicas permit', () => {
    fc.assert(
      fc.property(clusters, fc.array(fc.nat(3), { minLength: 4, maxLength: 9 }), (cluster, racks) => {
        const brokers = racks.map((rack, index) => ({ kafkaId: index + 1, rack: `r${rack}` }))
        const result = assertSound(lay(cluster), brokers)
        for (const own of Map.groupBy(result, (one) => one.topic).values()) {
          for (const [leader, ...followers] of own.map(({ replicas }) => replicas)) {
            const least = Math.min(...followers.map((id) => leadersOn(own, id)))
            assert.ok(leadersOn(own, leader!) - least <= 1, 'a follower leads two fewer')
          }
        }
      }),
    )
  })

  test('has nothing to add to its own result', () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 4 }), (cluster, racks) => {
        const brokers = seats(cluster.after, racks)
        const partitions = lay(cluster)
        const result = after(partitions, planMoves({ partitions, brokers }))
        assert.deepEqual(planMoves({ partitions: result, brokers }), [])
      }),
    )
  })

  test('planned anew after every batch, comes to an end and moves hardly more', () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 3 }), (cluster, racks) => {
        const brokers = seats(cluster.after, racks)
        let partitions = lay(cluster)
        const whole = added(planMoves({ partitions, brokers }))
        let moved = 0
        let rounds = 0
        for (
          let moves = planMoves({ partitions, brokers });
          moves.length > 0;
          moves = planMoves({ partitions, brokers })
        ) {
          assert.ok(++rounds <= 400, 'no end')
          const batch = nextBatch(moves, { isWarm: rounds > 5, led: rounds })
          moved += added(batch)
          partitions = after(partitions, batch)
        }
        assert.ok(moved <= 1.1 * whole + 2, `${moved} instead of ${whole}`)
      }),
      { numRuns: 50 },
    )
  })

  test('shares out so that no counts as even need fewer moves', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const brokers = seats(cluster.after)
        const partitions = lay(cluster)
        const result = after(partitions, planMoves({ partitions, brokers }))
        assert.ok(!hasCheaper({ before: countsOf(partitions, brokers), after: countsOf(result, brokers) }))
      }),
    )
  })

  test('moves on the whole hardly more replicas than those counts need', () => {
    const plans = fc.sample(clusters, { numRuns: 200, seed: 1 }).map((cluster) => {
      const brokers = seats(cluster.after)
      const partitions = lay(cluster)
      const moves = planMoves({ partitions, brokers })
      const counts = { before: countsOf(partitions, brokers), after: countsOf(after(partitions, moves), brokers) }
      return { moved: added(moves), least: newIn(counts) }
    })
    // Where a broker that lacks a replica has a copy of all that may move, another must step in.
    for (const { moved, least } of plans) assert.ok(moved <= 1.1 * least + 2, `${moved} moved for ${least}`)
    assert.ok(sum(plans.map(({ moved }) => moved)) <= 1.01 * sum(plans.map(({ least }) => least)))
  })

  test('carries ten thousand partitions to fifty brokers', () => {
    const partitions = Array.from({ length: 100 }, (_, index) => topic(`t${index}`, 100, { brokers: [1, 2, 3] })).flat()
    const result = assertSound(partitions, seats(50, 5))
    assertEven(result, seats(50, 5))
    assert.ok(spread(seats(50).map(({ kafkaId }) => replicasOn(result, kafkaId))) <= 1)
    assert.ok(spread(seats(50).map(({ kafkaId }) => leadersOn(result, kafkaId))) <= 1)
  })
})

const clusters = fc.record({
  before: fc.integer({ min: 3, max: 8 }),
  after: fc.integer({ min: 3, max: 9 }),
  topics: fc.array(fc.record({ count: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  }),
  picks: fc.infiniteStream(fc.nat(1000)),
})
type Cluster = typeof clusters extends fc.Arbitrary<infer C> ? C : never

/** Any layout at all. */
function lay({ before, topics, picks }: Cluster): Replicated[] {
  return topics.flatMap(({ count, width }, index) =>
    Array.from({ length: count }, (_, partition) => {
      const free = Array.from({ length: before }, (_unused, at) => at + 1)
      const replicas = Array.from({ length: width }, () => free.splice(picks.next().value! % free.length, 1)[0]!)
      return { topic: `t${index}`, partition, replicas, sizeBytes: 10 }
    }),
  )
}

/** Replicas by topic, then by broker. */
type Counts = { before: number[][]; after: number[][] }

const countsOf = (partitions: Replicated[], brokers: Seat[]): number[][] =>
  [...Map.groupBy(partitions, (one) => one.topic).values()].map((own) =>
    brokers.map(({ kafkaId }) => replicasOn(own, kafkaId)),
  )

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
const newIn = (counts: Counts) =>
  sum(counts.after.flatMap((own, topic) => own.map((count, at) => Math.max(0, count - counts.before[topic]![at]!))))

/**
 * Whether other counts that are as even need fewer moves: a flow is the cheapest exactly when its residual graph has no cycle
 * that pays back. Places are the topics, then the brokers, then one more through which a broker's total may change.
 */
function hasCheaper(counts: Counts): boolean {
  const width = counts.after[0]!.length
  const hub = counts.after.length + width
  const costs = Array.from({ length: hub + 1 }, () => Array.from({ length: hub + 1 }, () => Infinity))
  const even = (numbers: number[]) => [Math.floor(sum(numbers) / width), Math.ceil(sum(numbers) / width)] as const
  for (const [topic, own] of counts.after.entries()) {
    const [floor, ceiling] = even(own)
    for (const [at, count] of own.entries()) {
      const broker = counts.after.length + at
      const stood = counts.before[topic]![at]!
      if (count > floor) costs[broker]![topic] = count > stood ? -1 : 0
      if (count < ceiling) costs[topic]![broker] = count >= stood ? 1 : 0
    }
  }
  const totals = Array.from({ length: width }, (_, at) => sum(counts.after.map((own) => own[at]!)))
  const [floor, ceiling] = even(totals)
  for (const [at, total] of totals.entries()) {
    if (total < ceiling) costs[counts.after.length + at]![hub] = 0
    if (total > floor) costs[hub]![counts.after.length + at] = 0
  }
  for (const by of costs.keys()) {
    for (const row of costs)
      for (const [to, cost] of costs[by]!.entries()) row[to] = Math.min(row[to]!, row[by]! + cost)
  }
  return costs.some((row, place) => row[place]! < 0)
}

describe('new partitions', () => {
  const brokers = seats(6, 3)
  const placed = (standing: Replicated[], count: number, copies = 3): Replicated[] => [
    ...standing,
    ...placesForNew({ topic: 'new', standing, count, copies }, brokers).map((replicas, index) => {
      return { topic: 'new', partition: standing.length + index, replicas, sizeBytes: 0 }
    }),
  ]

  test('of a new topic lie and are led evenly, over all racks', () => {
    const partitions = placed([], 12)
    assert.equal(partitions.length, 12)
    assertEven(assertSound(partitions, brokers), brokers)
    assert.deepEqual(planMoves({ partitions, brokers }), [], 'nothing is left to move')
  })

  test('of a topic that grows go where the others leave room, and never onto a broker that leaves', () => {
    const standing = topic('new', 4, { brokers: [1, 2, 7] })
    const added = placed(standing, 8).slice(4)
    assert.equal(added.length, 8)
    assert.ok(added.every(({ replicas }) => new Set(replicas).size === 3 && !replicas.includes(7)))
    const moved = after(standing, planMoves({ partitions: standing, brokers }))
    assertEven(assertSound(placed(moved, 8), brokers), brokers)
  })

  test('are refused where there are fewer brokers than copies', () =>
    assert.throws(() => placed([], 1, 7), { code: 'Instance.TooFewNodes' }))
})

describe('a batch', () => {
  const move = (from: number[], to: number[]): Move => ({ topic: 'a', partition: 0, from, to, sizeBytes: 1 })

  /** Enough have been moved that as many go together as may. */
  const many = { isWarm: true, led: 100 }

  const mebibytes = (count: number, one: Move): Move => ({ ...one, sizeBytes: count * 2 ** 20 })

  test('takes one large partition from a broker, and brings one onto a broker, and keeps the others busy', () => {
    const moves = [move([1], [2]), move([1], [3]), move([4], [2]), move([4, 1], [4, 3]), move([1], [2])]
    const large = moves.map((one) => mebibytes(100, one))
    assert.deepEqual(nextBatch(large, many), [large[0], large[3]])
  })

  test('takes small ones together, up to some mebibytes and some partitions', () => {
    const sizesOf = (mebibyte: number) => nextBatch(Array(20).fill(mebibytes(mebibyte, move([1], [2]))), many).length
    assert.deepEqual([0.1, 3, 5].map(sizesOf), [8, 2, 1])
  })

  test('is one partition while a node that has just started warms up', () => {
    const small = Array.from({ length: 20 }, () => move([1], [2]))
    assert.equal(nextBatch(small, { ...many, isWarm: false }).length, 1)
  })

  test('counts every replica that a leader sends', () => {
    const wide = Array.from({ length: 5 }, () => move([1], [1, 2, 3]))
    assert.equal(nextBatch(wide, many).length, 4)
  })

  test('leaves a leader that stays in its place while data is copied', () => {
    assert.deepEqual(nextBatch([move([1, 2], [3, 1])], many), [move([1, 2], [1, 3])])
  })

  test('begins with the partitions whose leader is to leave, and has another of their own lead them', () => {
    const moves = [move([1, 2], [1, 3]), move([3, 2, 1], [4, 1, 2]), move([1], [2])]
    assert.deepEqual(nextBatch(moves, many), [move([3, 2, 1], [1, 3, 2])])
  })

  test('has what copies nothing at the very end', () => {
    const others = [move([1, 2], [2, 1]), move([1, 2], [2, 1])]
    assert.deepEqual(nextBatch([move([1], [2]), ...others], many), [move([1], [2])])
    assert.deepEqual(nextBatch(others, many), others)
  })

  test('of what only changes its leader is one at first, before the copies and after them', () => {
    for (const one of [move([3, 2, 1], [4, 1, 2]), move([1, 2], [2, 1])]) {
      const sizes = [0, 15, 16, 40].map((led) => nextBatch(Array(60).fill(one), { isWarm: false, led }).length)
      assert.deepEqual(sizes, [1, 1, 2, 5])
    }
  })
})
