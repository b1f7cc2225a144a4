import type { MachineType } from '../../domain/environment.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { findVersion, type VersionCatalogue } from '../../domain/version.ts'
import type { Fence, NodeSpec, Preparation, Provider } from '../provider.ts'
import { troubleSetting, type Faults } from './faults.ts'
import { simulatedEnvironment } from './simulated-environment.ts'
import {
  certificatesOf,
  exitReason,
  isStopping,
  sightingOf,
  startedNode,
  type Pace,
  type SimulatedNode,
} from './simulated-node.ts'
import type { Population } from './simulated-population.ts'
import type { ClusterStates } from './simulated-state.ts'

/** The promises of `provider.ts` over a population of simulated nodes. */
export type SimulatedGround = {
  population: Population
  faults: Faults
  pace: Pace
  catalogue: VersionCatalogue
  machineTypes: MachineType[]
  /** The world's, not the caller's: it holds for whoever calls. */
  fences: Map<InstanceId, number>
  states: ClusterStates
  nowMs(): number
  onChange(change: NodeChange): void
}

/** Something was done to a node: for those who count. */
export type NodeChange = {
  act: 'started' | 'stopped' | 'removed'
  instanceId: InstanceId
  kafkaId: number
  epoch: number
}

export function makeSimulatedProvider(ground: SimulatedGround): Provider {
  const { faults, population, pace, nowMs } = ground
  const admit = (instanceId: InstanceId, fence: Fence) => admitNewest(ground.fences, instanceId, fence)
  const prepare = makePreparations(ground)

  return {
    kind: 'simulated',
    describeEnvironment: () =>
      faults.strike('describeEnvironment', {}, () => simulatedEnvironment(ground.machineTypes)),
    machineTypes: () => faults.strike('machineTypes', {}, () => ground.machineTypes),
    prepareVersion: (version) => faults.strike('prepareVersion', {}, () => prepare(version)),
    ensureNode: (spec, fence) =>
      faults.strike('ensureNode', spec, () => {
        admit(spec.instanceId, fence)
        ensureNode(ground, spec, fence)
      }),
    renewStores: (spec, fence) =>
      faults.strike('renewStores', spec, () => {
        admit(spec.instanceId, fence)
        const node = population.find(spec.instanceId, spec.kafkaId)
        if (node) node.written = certificatesOf(spec)
      }),
    renewVerifiers: (instanceId) => faults.strike('renewVerifiers', { instanceId }, () => {}),
    inspectNodes: (instanceId) =>
      faults.strike('inspectNodes', { instanceId }, () =>
        population.of(instanceId).map((node) => sightingOf(node, pace, nowMs())),
      ),
    stopNode: (instanceId, kafkaId, fence) =>
      faults.strike('stopNode', { instanceId, kafkaId }, () => {
        admit(instanceId, fence)
        const node = population.find(instanceId, kafkaId)
        if (node) askToStop(ground, node, fence)
      }),
    removeNode: (instanceId, kafkaId, fence) =>
      faults.strike('removeNode', { instanceId, kafkaId }, () => {
        admit(instanceId, fence)
        const node = population.find(instanceId, kafkaId)
        return node ? removeNode(ground, node, fence) : []
      }),
  }
}

/** The highest epoch seen of each Instance stays when its nodes are gone: a late caller must not bring one back. */
function admitNewest(fences: Map<InstanceId, number>, instanceId: InstanceId, { epoch }: Fence): void {
  const highest = fences.get(instanceId) ?? -Infinity
  if (epoch < highest) {
    const message = `A newer worker (epoch ${highest}) has taken over from this one (epoch ${epoch}).`
    throw new AppError('conflict', 'Lease.Overtaken', message)
  }
  fences.set(instanceId, epoch)
}

/** A version takes a moment the first time. */
function makePreparations({ catalogue, pace, nowMs }: SimulatedGround) {
  const readyAt = new Map<string, number>()
  return (version: string): Preparation => {
    if (!findVersion(catalogue, version)) {
      throw new AppError('invalid', 'Version.Unknown', `There is no Kafka ${version} in the catalogue.`)
    }
    const at = readyAt.get(version) ?? nowMs() + pace.fetchMs
    readyAt.set(version, at)
    const leftMs = at - nowMs()
    if (leftMs <= 0) return { ready: true }
    const percent = Math.floor((1 - leftMs / pace.fetchMs) * 100)
    return { ready: false, why: `Getting Kafka ${version} ready for the first time: ${percent} %` }
  }
}

function ensureNode(ground: SimulatedGround, spec: NodeSpec, { epoch }: Fence): void {
  const { population, pace, nowMs } = ground
  const before = population.find(spec.instanceId, spec.kafkaId)
  if (before && !exitReason(before, pace, nowMs())) {
    if (!isStopping(before)) return
    throw new AppError(
      'unavailable',
      'Node.Stopping',
      `Node ${spec.kafkaId} is still stopping; it starts again after that.`,
    )
  }
  if (!spec.isNew && !before?.hasStorage) {
    throw new AppError(
      'unavailable',
      'Node.Lost',
      `The data of node ${spec.kafkaId} is gone, so it is not started empty.`,
    )
  }
  const holder = population.at(spec.address, spec.port)
  if (holder && holder !== before) {
    throw new AppError('unavailable', 'Node.AddressTaken', `Another node holds ${spec.address}:${spec.port}.`)
  }
  const node = startedNode(spec, nowMs())
  if (node.trouble === 'refused') {
    throw new AppError('invalid', 'Node.Refused', `This node is refused, as ${troubleSetting} says.`)
  }
  population.put(node)
  ground.onChange({ act: 'started', instanceId: spec.instanceId, kafkaId: spec.kafkaId, epoch })
}

function askToStop({ nowMs, onChange }: SimulatedGround, node: SimulatedNode, { epoch }: Fence): void {
  if (isStopping(node)) return
  node.stopAskedAt = nowMs()
  const { instanceId, kafkaId } = node.spec
  onChange({ act: 'stopped', instanceId, kafkaId, epoch })
}

function removeNode(ground: SimulatedGround, node: SimulatedNode, fence: Fence): string[] {
  const { population, pace, nowMs } = ground
  const { instanceId, kafkaId } = node.spec
  askToStop(ground, node, fence)
  if (!exitReason(node, pace, nowMs())) {
    const left = ((node.stopAskedAt ?? 0) + pace.stopMs - nowMs()) / 1000
    return [`the process of node ${kafkaId} has ${left.toFixed(1)} s left to end by itself`]
  }
  if (node.trouble === 'stays') return [`the folder of node ${kafkaId} cannot be removed`]
  population.remove(node)
  if (population.of(instanceId).length === 0) ground.states.forget(instanceId)
  ground.onChange({ act: 'removed', instanceId, kafkaId, epoch: fence.epoch })
  return []
}
