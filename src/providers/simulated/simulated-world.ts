import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '../../domain/id.ts'
import type { VersionCatalogue } from '../../domain/version.ts'
import type { KafkaClusters } from '../../kafka/cluster.ts'
import type { KafkaResources } from '../../kafka/resources.ts'
import { readMachineTypes } from '../machine-types.ts'
import type { NodeSpec, Provider } from '../provider.ts'
import { makeFaults, type Faults, type Trouble } from './faults.ts'
import { makeSimulatedClusters } from './simulated-clusters.ts'
import type { Holdings } from './simulated-holdings.ts'
import { startedNode, type Pace, type SimulatedNode } from './simulated-node.ts'
import { makeClusterStates } from './simulated-state.ts'
import { makePopulation, type Population } from './simulated-population.ts'
import { makeSimulatedResources } from './simulated-resources.ts'
import { makeSimulatedProvider, type NodeChange } from './simulated-provider.ts'

/**
 * A world in this process: a provider whose nodes are objects, and the Kafka that they would be. For tests, demonstrations
 * and fleets of ten thousand. It keeps every promise of `provider.ts`, moves only with the clock it is given, and goes wrong
 * exactly as it is told: by `faults`, by the verbs below, or by the setting `simulated.fault` of an Instance (see `faults.ts`).
 */
export type SimulatedWorld = {
  provider: Provider
  clusters: KafkaClusters
  resources: KafkaResources
  /** What the Instance's Kafka holds for its team, to be laid in. */
  holdingsOf(instanceId: InstanceId): Holdings
  faults: Faults
  /** All nodes there are, for those who look whether something is left over. */
  population: Pick<Population, 'of' | 'count'>
  /** A throttle for moves is in force. */
  /** Bytes a second; null: nothing is slowed. */
  throttleOf(instanceId: InstanceId): number | null
  /** No byte of a replica moves until it is told otherwise. */
  stallMoves(instanceId: InstanceId, isStalled: boolean): void
  /** Nodes of another process's world run here from now on, and have for a while. */
  adopt(specs: NodeSpec[]): void
  /** A broker that is none of the Instance's nodes joins its cluster: elsewhere, or as a node that was adopted here. */
  joinStranger(instanceId: InstanceId, kafkaId: number, stranger?: { isAlive: boolean }): void
  /** The node's process ends by itself. */
  killNode(instanceId: InstanceId, kafkaId: number): void
  /** The node and its data are gone without a trace. */
  loseNode(instanceId: InstanceId, kafkaId: number): void
  /** The node has ended, and its data is gone; its folder is still there. */
  loseStorage(instanceId: InstanceId, kafkaId: number): void
  /** The node has the trouble from now on; null: no more. */
  troubleNode(instanceId: InstanceId, kafkaId: number, trouble: Trouble | null): void
  /** The same nodes through new eyes, as another Millrace on the same machine has them. */
  reopen(): Provider
}

export type SimulatedWorldOptions = Partial<Pace> & {
  /** How long a move of replicas takes, in milliseconds. */
  moveMs?: number
  now(): Date
  catalogue: VersionCatalogue
  /** What a caller of a hanging node waits with; tests have no time for it. */
  sleep?(ms: number): Promise<void>
  onChange?(change: NodeChange): void
}

const machineTypesFile = new URL('../../../machine-types.json', import.meta.url)

export function makeSimulatedWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const {
    now,
    catalogue,
    sleep = delay,
    onChange = () => {},
    startMs = 1_500,
    stopMs = 300,
    fetchMs = 1_000,
    moveMs = 1_000,
  } = options
  const population = makePopulation()
  const nowMs = () => now().getTime()
  const ground = {
    population,
    states: makeClusterStates({ population, catalogue, moveMs, nowMs }),
    faults: makeFaults(sleep),
    pace: { startMs, stopMs, fetchMs },
    catalogue,
    machineTypes: readMachineTypes(machineTypesFile, 'simulated'),
    fences: new Map<InstanceId, number>(),
    nowMs,
    sleep,
    onChange,
  }
  const change = (instanceId: InstanceId, kafkaId: number, effect: (node: SimulatedNode) => void) => {
    const node = population.find(instanceId, kafkaId)
    if (node) effect(node)
  }
  return {
    provider: makeSimulatedProvider(ground),
    clusters: makeSimulatedClusters(ground),
    resources: makeSimulatedResources(ground),
    holdingsOf: (instanceId) => ground.states.of(instanceId).holdings,
    faults: ground.faults,
    population,
    throttleOf: (instanceId) => ground.states.of(instanceId).throttle,
    stallMoves: (instanceId, isStalled) => ground.states.of(instanceId).stall(isStalled),
    adopt(specs) {
      for (const spec of specs) population.put(startedNode(spec, ground.nowMs() - startMs))
    },
    joinStranger(instanceId, kafkaId, { isAlive } = { isAlive: true }) {
      const { address: host, port } = population.find(instanceId, kafkaId)?.spec ?? elsewhere
      ground.states.of(instanceId).strangers.set(kafkaId, { host, port, isAlive })
    },
    killNode: (instanceId, kafkaId) => change(instanceId, kafkaId, (node) => (node.death = deathWords)),
    loseNode: (instanceId, kafkaId) => change(instanceId, kafkaId, (node) => population.remove(node)),
    loseStorage: (instanceId, kafkaId) =>
      change(instanceId, kafkaId, (node) => Object.assign(node, { death: deathWords, hasStorage: false })),
    troubleNode: (instanceId, kafkaId, trouble) => change(instanceId, kafkaId, (node) => (node.trouble = trouble)),
    reopen: () => makeSimulatedProvider(ground),
  }
}

const elsewhere = { address: '192.0.2.9', port: 9092 }

const deathWords = 'Its process was ended from outside, without a word in its log.'
