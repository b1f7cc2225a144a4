import type { InstanceId } from '../../domain/id.ts'
import { findVersion, type VersionCatalogue } from '../../domain/version.ts'
import type { PartitionId, Reassignment, ReplicaState } from '../../kafka/cluster.ts'
import { makeHoldings, type Holdings } from './simulated-holdings.ts'
import type { Population } from './simulated-population.ts'

/**
 * What the Kafka of an Instance would keep in its metadata. Nothing is held for an Instance until it is first changed: until
 * then one partition is led by each of its controllers. A move is done when its time has passed; no timers.
 */
export type ClusterState = {
  partitions(): (PartitionId & { replicas: number[] })[]
  /** Who leads goes on while it is in sync; else the first that is takes its place, in the order of replicas. -1: none is. */
  leaderOf(partition: number, inSync: number[]): number
  /** To their first replica, if it is in sync when somebody looks. */
  /** Those that it could not. */
  elect(partitions: PartitionId[]): PartitionId[]
  /** Every replica; one that is on its way grows. */
  replicas(): ReplicaState[]
  moving(): Reassignment[]
  move(moves: (PartitionId & { to: number[] })[]): void
  cancel(partitions: PartitionId[]): void
  /** No byte moves any more; false: on it goes, from the start. */
  stall(isStalled: boolean): void
  /** Feature levels that are final. */
  finalized: Record<string, number>
  /** Cluster-wide settings of brokers. */
  settings: Map<string, string>
  /** What one broker has instead; kept when it is unregistered. */
  overrides: Map<number, Map<string, string>>
  /** Brokers in the cluster that are none of its nodes: where they are, and whether they live where this world ends. */
  strangers: Map<number, { host: string; port: number; isAlive: boolean }>
  /** Bytes a second; null: nothing is slowed. */
  throttle: number | null
  holdings: Holdings
}

export type ClusterStates = {
  of(instanceId: InstanceId): ClusterState
  forget(instanceId: InstanceId): void
}

type Ground = { population: Population; catalogue: VersionCatalogue; moveMs: number; nowMs(): number }

const topic = 'simulated'
const replicaCount = 3
/** Of every replica. */
const partitionBytes = 32 * 2 ** 20

export function makeClusterStates(ground: Ground): ClusterStates {
  const states = new Map<InstanceId, ClusterState>()
  return {
    of(instanceId) {
      const known = states.get(instanceId)
      if (known) return known
      const state = makeClusterState(ground, instanceId)
      // Forgotten again with the Instance, which is gone when its last node is.
      states.set(instanceId, state)
      return state
    },
    forget: (instanceId) => void states.delete(instanceId),
  }
}

type Moving = Reassignment & { from: number[]; doneAt: number }

function makeClusterState({ population, catalogue, moveMs, nowMs }: Ground, instanceId: InstanceId): ClusterState {
  const specs = population.of(instanceId).map(({ spec }) => spec)
  const first = specs[0]?.voters.map(({ kafkaId }) => kafkaId) ?? []
  const layout = new Map(first.map((_, partition) => [partition, replicasFrom(first, partition)]))
  let underWay: Moving[] = []
  let isStalled = false

  const doneAtBest = () => (isStalled ? Infinity : nowMs() + moveMs)
  const copied = ({ doneAt }: Moving) =>
    doneAt === Infinity ? 0 : Math.round(partitionBytes * (1 - (doneAt - nowMs()) / moveMs))
  const settle = () => {
    for (const { partition, replicas } of underWay.filter(({ doneAt }) => doneAt <= nowMs())) {
      layout.set(partition, replicas)
    }
    underWay = underWay.filter(({ doneAt }) => doneAt > nowMs())
  }
  return {
    partitions() {
      settle()
      return [...layout].map(([partition, replicas]) => ({ topic, partition, replicas }))
    },
    replicas() {
      settle()
      const arriving = underWay.flatMap((move) =>
        move.adding.map((kafkaId) => ({ topic, partition: move.partition, kafkaId, bytes: copied(move) })),
      )
      const there = [...layout].flatMap(([partition, replicas]) =>
        replicas.map((kafkaId) => ({ topic, partition, kafkaId, bytes: partitionBytes })),
      )
      return [...there, ...arriving]
    },
    moving() {
      settle()
      return underWay
    },
    move(moves) {
      settle()
      for (const { partition, to } of moves) {
        const from = layout.get(partition) ?? []
        const adding = to.filter((id) => !from.includes(id))
        const removing = from.filter((id) => !to.includes(id))
        if (adding.length + removing.length === 0) layout.set(partition, to)
        else underWay.push({ topic, partition, replicas: to, adding, removing, from, doneAt: doneAtBest() })
      }
    },
    cancel(partitions) {
      settle()
      underWay = underWay.filter((one) => !partitions.some(({ partition }) => partition === one.partition))
    },
    stall(stalled) {
      isStalled = stalled
      underWay = underWay.map((one) => ({ ...one, doneAt: doneAtBest() }))
    },
    ...makeLeaders(),
    finalized: { ...findVersion(catalogue, specs[0]?.version ?? '')?.features },
    settings: new Map(),
    overrides: new Map(),
    strangers: new Map(),
    throttle: null,
    holdings: makeHoldings(),
  }
}

function makeLeaders(): Pick<ClusterState, 'leaderOf' | 'elect'> {
  const leaders = new Map<number, number>()
  return {
    leaderOf(partition, inSync) {
      const before = leaders.get(partition)
      const leader = before !== undefined && inSync.includes(before) ? before : inSync[0]
      if (leader !== undefined) leaders.set(partition, leader)
      return leader ?? -1
    },
    elect(partitions) {
      for (const { partition } of partitions) leaders.delete(partition)
      return []
    },
  }
}

export const cordonedKey = 'cordoned.log.dirs'
export const allDirectories = '*'

export function overridesOf({ overrides }: ClusterState, kafkaId: number): Map<string, string> {
  const own = overrides.get(kafkaId) ?? new Map<string, string>()
  overrides.set(kafkaId, own)
  return own
}

export const isCordoned = (state: ClusterState, kafkaId: number): boolean =>
  overridesOf(state, kafkaId).get(cordonedKey) === allDirectories

function replicasFrom(brokers: number[], partition: number): number[] {
  const start = partition % brokers.length
  return [...brokers.slice(start), ...brokers.slice(0, start)].slice(0, replicaCount)
}
