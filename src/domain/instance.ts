import type { AuthorityStanding } from './authority-standing.ts'
import type { InstanceId } from './id.ts'
import type { MetricsExporter } from './metrics-exporter.ts'
import type { Operation } from './operation.ts'
import type { InstanceSecurity } from './security.ts'
import type { TrafficRates } from './throughput-rate.ts'

/**
 * An Instance is one whole Kafka cluster. Its state says what a client of Millrace may expect; `Deleted` is a tombstone
 * that only lists show. Creating, Changing and Deleting mean that one Operation owns the Instance.
 */
export const instanceStates = ['Creating', 'Running', 'Changing', 'Deleting', 'Error', 'Deleted'] as const
export type InstanceState = (typeof instanceStates)[number]

/** What was last seen of the nodes. Unknown until the first observation. */
export type InstanceHealth = 'healthy' | 'degraded' | 'down' | 'unknown'

/** Where the nodes go: one zone or three, one subnet in each. */
export type Network = { zone: string; subnet?: string }

export type Tag = { name: string; value: string }

/** Kafka's own counts, gathered by a reconciler and never inside a request. Bytes; what nobody knows now is absent. */
export type InstanceStatistics = Partial<TrafficRates> & {
  topicCount: number
  partitionCount: number
  consumerGroupCount?: number
  storageSize?: number
}

/** What promises nothing here, and is kept only to be echoed: words of a cloud, of payment, and what stands beside the spec. */
export const cloudWords = ['template', 'provider', 'region', 'scope', 'vpc'] as const
export type CloudWords = { [word in (typeof cloudWords)[number]]?: string }
export type NodeConfig = { instanceTypes?: string[]; paymentType?: string; paymentPeriod?: number }
/** Not Kafka's own cluster id, which Millrace makes. */
export type BesideSpec = { clusterId?: string; accesses?: Record<string, unknown>[] }

/** The spec as it was sent, so that it can be echoed letter by letter; what Millrace derives stands beside it. */
export type InstanceSpec = {
  /** One of the two, as the pricing mode says: see `capacity.ts`. */
  reservedAku?: number
  reservedNodeCount?: number
  pricingMode?: string
  deployType?: string
  networks: Network[]
  nodeConfig?: NodeConfig
  beside?: BesideSpec
} & CloudWords

export type InstanceFeatures = {
  walMode?: string
  instanceConfigs?: { key: string; value: string }[]
  security?: InstanceSecurity
  schemaRegistryEnabled?: boolean
  metricsExporter?: MetricsExporter
}

/** What a change changes. */
export type InstanceTarget = { version: string; spec: InstanceSpec; features: InstanceFeatures }

export type Instance = {
  id: InstanceId
  environmentId: string
  name: string
  /** Absent is not the same as empty: what was never sent is never echoed. */
  description: string | null
  state: InstanceState
  /** Why the Instance is in this state, for the person; null when the state says it all. */
  stateReason: string | null
  stateSince: Date
  /** What runs, and what should run. They differ only while an upgrade is under way. */
  version: string
  targetVersion: string
  /** What a change under way began from, to go back to; null while nothing changes. */
  before: InstanceTarget | null
  /** Kafka's own cluster id. */
  clusterId: string
  spec: InstanceSpec
  features: InstanceFeatures
  authority: AuthorityStanding
  tags: Tag[]
  nodeCount: number
  health: InstanceHealth
  healthReason: string | null
  /** Since when it cannot serve; null while it can. */
  downSince: Date | null
  /** Why the last test record did not come back; null when it did. */
  canaryProblem: string | null
  statistics: InstanceStatistics | null
  observedAt: Date | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/**
 * What may be done with an Instance. `mend` is a change that may bring back one that cannot serve: a restart, other settings.
 * `change` is every other.
 */
export const instanceActions = ['rename', 'delete', 'mend', 'change', 'heal', 'use'] as const
export type InstanceAction = (typeof instanceActions)[number]

/** Which action is open in which state. The server, the console and the command line ask this one table. */
const allowedStates: Record<InstanceAction, readonly InstanceState[]> = {
  rename: ['Running', 'Error'],
  // The way out of everything: what is under way is given up for it.
  delete: ['Creating', 'Running', 'Changing', 'Error'],
  mend: ['Running', 'Error'],
  change: ['Running'],
  // What cannot serve is brought back too: its Error is the reason to heal it.
  heal: ['Running', 'Error'],
  // What its Kafka holds: while it changes, Kafka goes on.
  use: ['Running', 'Changing', 'Error'],
}

/** Why nothing can be changed now, and what to do instead. */
const refusals: Record<InstanceState, string> = {
  Creating: 'The Instance is being created. Wait until it is Running, or cancel the create.',
  Running: 'The Instance is running.',
  Changing: 'The Instance is being changed. Wait until it is Running, or cancel the change.',
  Deleting: 'The Instance is being deleted.',
  Error:
    'The Instance cannot serve now. It is Running again by itself as soon as it can. Until then it can be restarted, given other settings, or deleted.',
  Deleted: 'The Instance is deleted.',
}

/** In Error the Operation that is open says more than the state. */
const refusalsInError = {
  failed: 'The Instance needs attention first: retry its failed Operation, or delete the Instance.',
  active: 'The Instance cannot serve now, and a change of it is under way. Resume or cancel the change.',
}

export type Answer = { allowed: true } | { allowed: false; why: string }

/** The open Operation: one that has failed waits for a person, and one that gives way is in nobody's. */
export type OpenOperation = Pick<Operation, 'outcome' | 'givesWay'>

const closedInError: Record<keyof typeof refusalsInError, readonly InstanceAction[]> = {
  failed: ['mend', 'change'],
  active: ['rename', 'mend', 'change', 'heal'],
}

/** May this be done now, and if not, why. */
export function instanceCan(action: InstanceAction, state: InstanceState, open?: OpenOperation): Answer {
  const owner = open?.outcome === 'failed' ? 'failed' : open?.outcome === 'active' && !open.givesWay ? 'active' : null
  if (state === 'Error' && owner && closedInError[owner].includes(action)) {
    return { allowed: false, why: refusalsInError[owner] }
  }
  return allowedStates[action].includes(state) ? { allowed: true } : { allowed: false, why: refusals[state] }
}
