import type { InstanceId } from '../../domain/id.ts'
import { slotKey } from '../../domain/placement.ts'
import type { SimulatedNode } from './simulated-node.ts'

/** All nodes there are, found by their Instance or by where they listen. Looking costs the nodes of one Instance. */
export type Population = {
  of(instanceId: InstanceId): SimulatedNode[]
  find(instanceId: InstanceId, kafkaId: number): SimulatedNode | undefined
  /** Who listens at the address now. */
  at(host: string, port: number): SimulatedNode | undefined
  put(node: SimulatedNode): void
  remove(node: SimulatedNode): void
  /** How many there are in all. */
  count(): number
}

export function makePopulation(): Population {
  const byInstance = new Map<InstanceId, Map<number, SimulatedNode>>()
  const bySlot = new Map<string, SimulatedNode>()
  let count = 0
  return {
    of: (instanceId) =>
      [...(byInstance.get(instanceId)?.values() ?? [])].sort((a, b) => a.spec.kafkaId - b.spec.kafkaId),
    find: (instanceId, kafkaId) => byInstance.get(instanceId)?.get(kafkaId),
    at: (address, port) => bySlot.get(slotKey({ address, port })),
    put(node) {
      const { instanceId, kafkaId } = node.spec
      const nodes = byInstance.get(instanceId) ?? new Map<number, SimulatedNode>()
      const before = nodes.get(kafkaId)
      if (before) for (const place of placesOf(before)) bySlot.delete(place)
      else count++
      byInstance.set(instanceId, nodes.set(kafkaId, node))
      for (const place of placesOf(node)) bySlot.set(place, node)
    },
    remove(node) {
      const { instanceId, kafkaId } = node.spec
      const nodes = byInstance.get(instanceId)
      if (nodes?.delete(kafkaId)) count--
      if (nodes?.size === 0) byInstance.delete(instanceId)
      for (const place of placesOf(node)) bySlot.delete(place)
    },
    count: () => count,
  }
}

/** Where it is spoken to: a secured node has a listener of its own for that, and others for clients. */
const placesOf = ({ spec: { address, port, security } }: SimulatedNode): string[] =>
  (security ? [security.internalPort, ...security.listeners.map((listener) => listener.port)] : [port]).map((at) =>
    slotKey({ address, port: at }),
  )
