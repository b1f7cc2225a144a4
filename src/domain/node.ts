import type { InstanceId, NodeId } from './id.ts'

/** A Node is one Kafka process of an Instance. Combined nodes vote in the controller quorum; the others only carry data. */
export type NodeRole = 'broker' | 'controller'

/**
 * What was last seen: `starting` = the process lives but does not answer yet; `running` = it answers Kafka's protocol
 * and another broker sees it; `unreachable` = the process lives and should answer but does not; `stopped` = no process.
 */
export const nodeHealths = ['planned', 'starting', 'running', 'unreachable', 'stopped'] as const
export type NodeHealth = (typeof nodeHealths)[number]

/**
 * What is to become of the node. `join`: it is being added, and may not be there yet. `leave`: its data moves away. `stop`: it
 * carries no data any more and is being taken away; there is no way back from here.
 */
export const nodeIntents = ['stay', 'join', 'leave', 'stop'] as const
export type NodeIntent = (typeof nodeIntents)[number]

/** Where a node listens: its own address on the standard ports, or a shared address on ports of its own. */
export type NodeSlot = { address: string; port: number; controllerPort: number }

/** What the provider saw of one node's process just now. Sizes in bytes. */
export type NodeUsage = { memoryBytes: number; diskBytes: number; startedAt: Date }

export type Node = NodeSlot & {
  id: NodeId
  instanceId: InstanceId
  environmentId: string
  /** Kafka's node.id, unique in the Instance, from 1. */
  kafkaId: number
  roles: NodeRole[]
  zone: string
  subnet: string
  /** Kafka's directory id of the node's log folder. */
  directoryId: string
  /** Where nodes and Millrace come with certificates; null: on its one plain listener. */
  internalPort: number | null
  version: string | null
  targetVersion: string
  intent: NodeIntent
  health: NodeHealth
  healthReason: string | null
  usage: NodeUsage | null
  /** Since when it should answer and does not; null while it does, or cannot be expected to. */
  silentSince: Date | null
  /** In what its process differs from what the node should be; null: in nothing. */
  drift: string | null
  observedAt: Date | null
}
