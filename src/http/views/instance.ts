import { z } from '@hono/zod-openapi'
import { throughputOf } from '../../domain/aku.ts'
import { withoutOwnCertificates } from '../../domain/security.ts'
import { instanceCan, instanceStates, type Instance } from '../../domain/instance.ts'
import { withoutExporterSecrets } from '../../domain/metrics-exporter.ts'
import { operationStatuses } from '../../domain/operation.ts'
import type { InstanceReading } from '../../services/instances/read-instances.ts'
import { MetricsExporterShape } from '../instances/metrics-fields.ts'
import type { HttpWorld } from '../world.ts'
import { currentOperationView } from './operation.ts'
import { Allowed, Time } from './shapes.ts'

/**
 * Instances as the wire shows them. What the caller set is echoed letter by letter, and what was never set is absent; what
 * Millrace knows beside it stands in fields of its own.
 */
const Tag = z.object({ name: z.string(), value: z.string() })

const CurrentOperation = z.object({
  operationId: z.string(),
  kind: z.string(),
  title: z.string(),
  status: z.enum(operationStatuses),
  step: z.string(),
  stepTitle: z.string(),
  waitingReason: z.string().nullable(),
  startedAt: Time,
})

const Network = z.object({ zone: z.string(), subnet: z.string().optional() })

const Spec = z.object({
  reservedAku: z.number().int().optional().openapi({ description: 'Where AKU are counted' }),
  reservedNodeCount: z.number().int().optional().openapi({ description: 'Where nodes are counted' }),
  pricingMode: z.string().optional(),
  deployType: z.string().optional(),
  networks: z.array(Network),
  nodeConfig: z
    .object({
      instanceTypes: z.array(z.string()).optional(),
      paymentType: z.string().optional(),
      paymentPeriod: z.number().int().optional(),
    })
    .optional(),
  template: z.string().optional(),
  provider: z.string().optional(),
  region: z.string().optional(),
  scope: z.string().optional(),
  vpc: z.string().optional(),
  dataBuckets: z.array(z.unknown()).openapi({ description: 'Always empty: nodes keep their data on their own disks.' }),
})

const Features = z.object({
  walMode: z.string().optional(),
  security: z
    .object({
      authenticationMethods: z.array(z.string()).optional(),
      transitEncryptionModes: z.array(z.string()).optional(),
      dataEncryptionMode: z.string().optional(),
      tlsHostnameValidationEnabled: z.boolean().optional(),
    })
    .optional(),
  schemaRegistryEnabled: z.boolean().optional(),
  metricsExporter: MetricsExporterShape.optional(),
})

const rate = z.number().optional()

export const InstanceShape = z
  .object({
    instanceId: z.string(),
    name: z.string(),
    description: z.string().optional(),
    version: z.string(),
    targetVersion: z.string(),
    state: z.enum(instanceStates),
    stateReason: z.string().nullable(),
    stateSince: Time,
    health: z.enum(['healthy', 'degraded', 'down', 'unknown']),
    healthReason: z.string().nullable(),
    gmtCreate: Time,
    gmtModified: Time,
    deletedAt: Time.nullable(),
    tags: z.array(Tag).optional(),
    spec: Spec,
    features: Features,
    clusterId: z.string().optional().openapi({ description: 'As it was sent; Kafka’s own is kafkaClusterId' }),
    accesses: z.array(z.record(z.string(), z.unknown())).optional(),
    kafkaClusterId: z.string(),
    nodeCount: z.number().int(),
    throughput: z
      .object({ writeMibPerSecond: z.number(), readMibPerSecond: z.number() })
      .optional()
      .openapi({ description: 'What the reserved AKU promise; absent where nodes are counted' }),
    statistics: z
      .object({
        topicCount: z.number().int(),
        partitionCount: z.number().int(),
        consumerGroupCount: z.number().int().optional().openapi({ description: 'Absent while a node does not tell' }),
        storageSize: z.number().int().optional().openapi({ description: 'Bytes on disk over all replicas; likewise' }),
        bytesInPerSecond: rate.openapi({ description: 'Of clients; absent while nobody knows' }),
        bytesOutPerSecond: rate,
        requestsInPerSecond: rate.openapi({ description: 'Of clients that write or read records' }),
      })
      .optional(),
    observedAt: Time.nullable(),
    currentOperation: CurrentOperation.nullable(),
    actions: z
      .object({ rename: Allowed, delete: Allowed, mend: Allowed, change: Allowed })
      .openapi({ description: '`mend`: a restart, or other settings. `change`: every other change.' }),
  })
  .openapi('Instance')

export function instanceView(world: HttpWorld, reading: InstanceReading): z.input<typeof InstanceShape> {
  const { instance, operation } = reading
  const { beside, ...spec } = instance.spec
  const { reservedAku } = spec
  return {
    instanceId: instance.id,
    name: instance.name,
    ...(instance.description !== null && { description: instance.description }),
    version: instance.version,
    targetVersion: instance.targetVersion,
    state: instance.state,
    stateReason: instance.stateReason,
    stateSince: instance.stateSince.toISOString(),
    health: instance.health,
    healthReason: instance.healthReason,
    gmtCreate: instance.createdAt.toISOString(),
    gmtModified: instance.updatedAt.toISOString(),
    deletedAt: instance.deletedAt?.toISOString() ?? null,
    ...(instance.tags.length > 0 && { tags: instance.tags }),
    spec: { ...spec, dataBuckets: [] },
    features: withoutConfigs(instance.features),
    ...beside,
    kafkaClusterId: instance.clusterId,
    nodeCount: instance.nodeCount,
    ...(reservedAku !== undefined && { throughput: throughputOf(reservedAku) }),
    ...(instance.statistics && { statistics: instance.statistics }),
    observedAt: instance.observedAt?.toISOString() ?? null,
    currentOperation: operation ? currentOperationView(world, operation) : null,
    actions: {
      rename: instanceCan('rename', instance.state, operation),
      delete: instanceCan('delete', instance.state, operation),
      mend: instanceCan('mend', instance.state, operation),
      change: instanceCan('change', instance.state, operation),
    },
  }
}

/** Configurations have an endpoint of their own. */
function withoutConfigs({ walMode, security, schemaRegistryEnabled, metricsExporter }: Instance['features']) {
  return {
    ...(walMode !== undefined && { walMode }),
    ...(security && { security: withoutOwnCertificates(security) }),
    ...(schemaRegistryEnabled !== undefined && { schemaRegistryEnabled }),
    ...(metricsExporter && { metricsExporter: withoutExporterSecrets(metricsExporter) }),
  }
}
