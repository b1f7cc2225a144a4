import type { AuthorityStanding } from '../domain/authority-standing.ts'
import type { Environment, MachineType } from '../domain/environment.ts'
import type { InstanceId } from '../domain/id.ts'
import type { NodeRole, NodeSlot, NodeUsage } from '../domain/node.ts'
import type { OwnCertificates } from '../domain/keyring.ts'
import type { NodeListeners } from '../domain/security.ts'
import type { StartedWith } from '../domain/restart-reason.ts'

/**
 * A provider is where nodes live. It knows nothing of replicas, quorum or operations: it makes, shows, stops and removes
 * nodes, and keeps these promises, which `conformance.ts` checks of every one:
 *
 * - Ensuring twice is once, also when Millrace was killed in between: the node is recorded before it is made, and found again.
 * - Removing what is gone is success. Removing ends with proof, or throws naming what is left.
 * - A node that has run is never made anew: where its storage is gone it is refused (`Node.Lost`) before anything is touched.
 * - Trouble of the place (a full disk, no permission) is `unavailable`, in words that say where and what to do.
 * - Inspecting tells the truth now, never what was asked for, and sees nodes whose making was cut short.
 * - A caller with an older fence than one already seen for the Instance is refused (`Lease.Overtaken`) before anything is touched.
 * - No call waits for Kafka: a node that hangs costs its caller at most a few seconds.
 */
export interface Provider {
  readonly kind: string

  /** Zones, subnets, machine types and limits as they are now. Cheap: asked at every create and page. */
  describeEnvironment(): Promise<Environment>

  /** How large a node is. Costs nothing: asked at every look at an Instance. */
  machineTypes(): Promise<MachineType[]>

  /** Gets a Kafka version ready for its nodes. Returns at once; `getting-ready` says what is going on, for the person. */
  prepareVersion(version: string): Promise<Preparation>

  /**
   * Makes the node as specified and starts it, unless it is already there and running. One that has stopped starts as it is
   * specified now, whatever it ran with before, on the data that it has. Returns before Kafka answers. Only a new one gets
   * storage made; of any other that has none it throws `unavailable` (`Node.Lost`), whose words say where it was.
   */
  ensureNode(spec: NodeSpec, fence: Fence): Promise<void>

  /**
   * Writes anew what a secured node shows and whom it trusts, as specified. Kafka reads it when it is told to, or at its next
   * start. Its process is left alone; a node that is not there is too.
   */
  renewStores(spec: NodeSpec, fence: Fence): Promise<void>

  /**
   * Writes anew, on every node of the Instance that users sign in to, by what their passwords are checked: as it is when this
   * writes, so that callers need no fence. Resolves when no node goes by anything older.
   */
  renewVerifiers(instanceId: InstanceId): Promise<void>

  /** Every node of the Instance that the provider has any trace of, whether it was meant to be there or not. */
  inspectNodes(instanceId: InstanceId): Promise<NodeSighting[]>

  /**
   * Asks the node to stop, politely first, by force after a limit. Returns at once; `inspectNodes` tells when it has. Who knows
   * that the node cannot end by itself may give it less time than the provider would.
   */
  stopNode(instanceId: InstanceId, kafkaId: number, stop: Fence & { mostGraceMs?: number }): Promise<void>

  /**
   * Stops the node for good and takes away all it has. Resolves to what is still there, in words (`process 4711 of node 2
   * has 3 s left to end by itself`); empty means proven gone: process, address and folder.
   */
  removeNode(instanceId: InstanceId, kafkaId: number, fence: Fence): Promise<string[]>
}

/** Who calls: the Operation's lease epoch. Epochs only grow over the life of the database. */
export type Fence = { epoch: number }

export type Preparation = { ready: true } | { ready: false; why: string }

export type Voter = { kafkaId: number; directoryId: string; address: string; controllerPort: number }

/** All that makes a node what it is; the provider adds nothing of its own but paths and memory. */
export type NodeSpec = NodeSlot & {
  instanceId: InstanceId
  /** Kafka's cluster id. */
  clusterId: string
  kafkaId: number
  roles: NodeRole[]
  zone: string
  directoryId: string
  /** It has never run, so that it cannot have any data yet. */
  isNew: boolean
  version: string
  heapMiB: number
  /** The controllers that the quorum starts with. */
  voters: Voter[]
  /** The Instance's own Kafka settings, laid over Millrace's. */
  configs: Record<string, string>
  /** Absent: one plain listener for all. */
  security?: SpecSecurity
}

export type SpecSecurity = NodeListeners & {
  own: OwnCertificates | null
  authority: AuthorityStanding
  /** Differs when a restart would bring other listeners. */
  mark: string
}

/** One node as the provider sees it now. */
export type NodeSighting = {
  kafkaId: number
  process: 'running' | 'stopped'
  /** The version whose program runs, or ran last. */
  version: string | null
  /** What the process that runs, or ran last, was started with; null when nobody knows. */
  spec: StartedWith | null
  usage: NodeUsage | null
  /** Where the process tells its metrics, on the node's address; null: it was started without. */
  metricsPort: number | null
  /** Was it started with the check of passwords of SASL PLAIN? */
  takesPlain: boolean
  /** Why it stopped, from its exit and the end of its log, for the person. */
  reason: string | null
}
