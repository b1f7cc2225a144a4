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
  return {
    of: (instanceId) =>
      [...(byInstance.get(instanceId)?.values() ?? [])].sort((a, b) => a.spec.kafkaId - b.spec.kafkaId),
    find: (instanceId, kafkaId) => byInstance.get(instanceId)?.get(kafkaId),
    at: (address, port) => bySlot.get(slotKey({ address, port })),
    put(node) {
      const { instanceId, kafkaId } = node.spec
      const nodes = byInstance.get(instanceId) ?? new Map<number, SimulatedNode>()
      byInstance.set(instanceId, nodes.set(kafkaId, node))
      bySlot.set(placeOf(node), node)
    },
    remove(node) {
      const { instanceId, kafkaId } = node.spec
      const nodes = byInstance.get(instanceId)
      nodes?.delete(kafkaId)
      if (nodes?.size === 0) byInstance.delete(instanceId)
      bySlot.delete(placeOf(node))
    },
    count: () => bySlot.size,
  }
}

/** Where it is spoken to: a secured node has a listener of its own for that. */
const placeOf = ({ spec: { address, port, security } }: SimulatedNode): string =>
  slotKey({ address, port: security?.internalPort ?? port })
