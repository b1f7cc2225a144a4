import type { PartitionState } from '../src/domain/observation.ts'

/**
 * How even replicas lie and what it takes at least to make them so, counted apart from Millrace's own planner. Where a topic has
 * as many replicas as there are zones, each zone has one of every partition: then a zone's nodes share these among themselves.
 */
export type Seat = { kafkaId: number; zone: string }

type Pool = { seats: Seat[]; replicas: number }

/** Over all topics, the widest gap between any two nodes that share replicas, and between any two nodes as preferred leaders. */
export function unevennessOf(partitions: PartitionState[], seats: Seat[]): { replicas: number; leaders: number } {
  const gaps = topicsOf(partitions).map((topic) => {
    const leaders = countsOf(topic.map(({ replicas }) => replicas[0]!))
    return {
      replicas: Math.max(...poolsOf(topic, seats).map((pool) => gapOf(pool.seats, replicaCounts(topic)))),
      leaders: gapOf(seats, leaders),
    }
  })
  return {
    replicas: Math.max(...gaps.map(({ replicas }) => replicas)),
    leaders: Math.max(...gaps.map(({ leaders }) => leaders)),
  }
}

/** Replicas that must be copied at least until no two nodes of a pool differ by more than one, and none lies elsewhere. */
export function leastCopies(partitions: PartitionState[], seats: Seat[]): number {
  return sum(
    topicsOf(partitions).flatMap((topic) => {
      const counts = replicaCounts(topic)
      return poolsOf(topic, seats).map((pool) => leastCopiesIn(pool, counts))
    }),
  )
}

/** Those who have most already get one more where it does not divide. */
function leastCopiesIn({ seats, replicas }: Pool, counts: Map<number, number>): number {
  const has = seats.map(({ kafkaId }) => counts.get(kafkaId) ?? 0).toSorted((a, b) => b - a)
  const [each, over] = [Math.floor(replicas / has.length), replicas % has.length]
  return sum(has.map((count, at) => Math.max(0, each + (at < over ? 1 : 0) - count)))
}

/** Replicas that were copied from one moment to another. */
export function copiesBetween(before: PartitionState[], after: PartitionState[]): number {
  const had = new Map(before.map(({ topic, partition, replicas }) => [`${partition} ${topic}`, replicas]))
  return sum(
    after.map(({ topic, partition, replicas }) => {
      const old = had.get(`${partition} ${topic}`) ?? replicas
      return replicas.filter((kafkaId) => !old.includes(kafkaId)).length
    }),
  )
}

const topicsOf = (partitions: PartitionState[]) => [...Map.groupBy(partitions, ({ topic }) => topic).values()]

function poolsOf(topic: PartitionState[], seats: Seat[]): Pool[] {
  const zones = [...Map.groupBy(seats, ({ zone }) => zone).values()]
  const isOneEach = topic.every(({ replicas }) => replicas.length === zones.length)
  if (isOneEach) return zones.map((zone) => ({ seats: zone, replicas: topic.length }))
  return [{ seats, replicas: sum(topic.map(({ replicas }) => replicas.length)) }]
}

const replicaCounts = (topic: PartitionState[]) => countsOf(topic.flatMap(({ replicas }) => replicas))

function countsOf(kafkaIds: number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const kafkaId of kafkaIds) counts.set(kafkaId, (counts.get(kafkaId) ?? 0) + 1)
  return counts
}

function gapOf(seats: Seat[], counts: Map<number, number>): number {
  const all = seats.map(({ kafkaId }) => counts.get(kafkaId) ?? 0)
  return Math.max(...all) - Math.min(...all)
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0)
