import type { InstanceHealth, InstanceState, Network, InstanceFeatures, Tag } from '../domain/instance.ts'
import type { NodeHealth, NodeRole } from '../domain/node.ts'
import type { OperationStatus, PublicError, StepOutcome } from '../domain/operation.ts'

/** The shapes of the HTTP API that the console reads. */
export type Page<T> = { pageNum: number; pageSize: number; total: number; totalPage: number; list: T[] }

export type Allowed = { allowed: boolean; why?: string }

export type Member = { memberId: string; name: string; role: string; mustChangePassword: boolean }

export type PlannedStep = { name: string; title: string }

export type CurrentOperation = {
  operationId: string
  kind: string
  title: string
  status: OperationStatus
  step: string
  stepTitle: string
  waitingReason: string | null
  startedAt: string
}

export type Statistics = Partial<Record<'topicCount' | 'partitionCount' | 'consumerGroupCount' | 'storageSize', number>>

export type Throughput = { writeMibPerSecond: number; readMibPerSecond: number }

export type Instance = {
  instanceId: string
  name: string
  description?: string
  version: string
  targetVersion: string
  state: InstanceState
  stateReason: string | null
  stateSince: string
  health: InstanceHealth
  healthReason: string | null
  gmtCreate: string
  gmtModified: string
  deletedAt: string | null
  tags?: Tag[]
  spec: { reservedAku: number; networks: Network[]; nodeConfig?: { instanceTypes?: string[] } }
  features: InstanceFeatures
  kafkaClusterId: string
  nodeCount: number
  throughput: Throughput
  statistics?: Statistics
  observedAt: string | null
  currentOperation: CurrentOperation | null
  actions: Record<'rename' | 'delete' | 'change', Allowed>
}

export type Node = {
  nodeId: string
  kafkaId: number
  roles: NodeRole[]
  zone: string
  subnet: string
  address: string
  port: number
  version: string | null
  targetVersion: string
  health: NodeHealth
  healthReason: string | null
  memoryBytes: number | null
  diskBytes: number | null
  startedAt: string | null
  observedAt: string | null
}

export type Step = {
  seq: number
  name: string
  title: string
  outcome: StepOutcome
  attempts: number
  waitingReason: string | null
  error: PublicError | null
  startedAt: string
  endedAt: string | null
}

export type Operation = {
  operationId: string
  instanceId: string
  instanceName: string
  kind: string
  title: string
  status: OperationStatus
  step: string
  stepTitle: string
  waitingReason: string | null
  error: PublicError | null
  attempts: number
  isOverdue: boolean
  actor: string
  createdAt: string
  endedAt: string | null
  nextRunAt: string | null
  actions: Record<'pause' | 'resume' | 'cancel' | 'retry', Allowed>
  plannedSteps: PlannedStep[]
  steps?: Step[]
}

export type PlannedNode = {
  kafkaId: number
  roles: NodeRole[]
  zone: string
  subnet: string
  address: string
  port: number
}

export type CreatePlan = {
  dryRun: true
  nodes: PlannedNode[]
  nodeCount: number
  machineType: string
  throughput: Throughput
  memoryMiB: number
  version: string
  steps: PlannedStep[]
  expectedSeconds: number | null
  warnings: string[]
}

export type DeletePlan = {
  dryRun: true
  nodes: PlannedNode[]
  topics?: number
  storageBytes?: number
  steps: PlannedStep[]
  warnings: string[]
}

export type NewInstance = {
  name: string
  description?: string
  version: string
  spec: { reservedAku: number; networks: Network[] }
}

export type Endpoint = {
  displayName: string
  networkType: string
  protocol: string
  mechanisms: string
  bootstrapServers: string
}

export type Activity = {
  id: string | number
  kind: string
  message: string
  actor: string | null
  operationId: string | null
  createdAt: string
}

export type SubnetUse = { id: string; range: string; used: number; free: number; capacity: number }

export type Environment = {
  environmentId: string
  provider: string
  zones: { id: string; subnets: SubnetUse[] }[]
  machineTypes: { id: string; akuPerNode: number; memoryMiB: number; description: string }[]
  limits: {
    leastAku: number
    mostAku: number
    mostNodesNow: number | null
    memoryMiB: number | null
    memoryUsedMiB: number
  }
  millraceVersion: string
}

export type Version = { version: string; recommended: boolean; endOfLife: boolean; upgradableTo: string[] }

/** One line of the event stream. It carries ids only: what changed is read again. */
export type ChangeEvent = {
  id: number
  kind: string
  instanceId: string | null
  operationId: string | null
  message: string
  createdAt: string
}
