import { AppError } from '../../domain/errors.ts'
import type { NewInstanceBody } from './new-instance.ts'

/**
 * What the wire contract knows and this provider cannot do yet. Asked for, it is refused with words and a code of its own;
 * nothing is accepted and then ignored. A value that changes nothing (`schemaRegistryEnabled: false`) is let through.
 */
type Refusal = { code: string; path: string; message: string; asks(body: NewInstanceBody, here: Here): boolean }

/** What a caller may name, because it is what they get. */
type Here = { machineType: string | undefined }

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== 0 && !(Array.isArray(value) && value.length === 0)

const isEnabled = (value: unknown): boolean => isGiven(value) && (value as { enabled?: unknown }).enabled !== false

/** An object asks for something only when something in it does. */
const asksInside = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(isEnabled) : isGiven(value)

const isOther = (value: string | undefined, only: string): boolean => value !== undefined && value !== only

const kubernetesFields = [
  'kubernetesNodeGroups',
  'kubernetesClusterId',
  'kubernetesNamespace',
  'kubernetesServiceAccount',
  'kubernetesLoadBalancerSubnets',
  'scheduleSpec',
] as const

const refusals: Refusal[] = [
  {
    code: 'Instance.UnsupportedDeployType',
    path: 'spec.deployType',
    message: 'Nodes are processes of this machine here; the only deployType is IAAS.',
    asks: ({ spec }) => isOther(spec.deployType, 'IAAS'),
  },
  {
    code: 'Instance.UnsupportedPricingMode',
    path: 'spec.pricingMode',
    message: 'Capacity is counted in AKU here; the only pricingMode is SubscriptionBased.',
    asks: ({ spec }) => isOther(spec.pricingMode, 'SubscriptionBased'),
  },
  {
    code: 'Instance.UnsupportedNodeCount',
    path: 'spec.reservedNodeCount',
    message: 'The number of nodes follows from the AKU here; leave reservedNodeCount out.',
    asks: ({ spec }) => isGiven(spec.reservedNodeCount),
  },
  {
    code: 'Instance.UnsupportedInstanceTypes',
    path: 'spec.nodeConfig',
    message: 'This environment has one machine type, and nodes have no other settings; leave nodeConfig out.',
    asks: ({ spec }, { machineType }) => {
      const { instanceTypes = [], ...others } = spec.nodeConfig ?? {}
      return instanceTypes.some((type) => type !== machineType) || Object.values(others).some(isGiven)
    },
  },
  ...kubernetesFields.map((field) => ({
    code: 'Instance.UnsupportedKubernetes',
    path: `spec.${field}`,
    message: `Kubernetes is not available in this environment; leave ${field} out.`,
    asks: ({ spec }: NewInstanceBody) => isGiven(spec[field]),
  })),
  ...(
    [
      'dnsZone',
      'instanceRole',
      'securityGroups',
      'dataBuckets',
      'fileSystemForFsWal',
      'template',
      'provider',
      'region',
      'scope',
      'vpc',
    ] as const
  ).map((field) => ({
    code: `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`,
    path: `spec.${field}`,
    message: `A local environment has no ${field}; leave it out.`,
    asks: ({ spec }: NewInstanceBody) => isGiven(spec[field]),
  })),
  ...(['clusterId', 'endPoint', 'accesses'] as const).map((field) => ({
    code: `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`,
    path: field,
    message: `Millrace chooses the ${field} itself; leave it out.`,
    asks: (body: NewInstanceBody) => isGiven(body[field]),
  })),
  {
    code: 'Instance.UnsupportedWalMode',
    path: 'features.walMode',
    message: 'Records are written to each node’s own disk here; the only walMode is EBSWAL.',
    asks: ({ features }) => isOther(features?.walMode, 'EBSWAL'),
  },
  {
    code: 'Instance.UnsupportedDataEncryption',
    path: 'features.security.dataEncryptionMode',
    message: 'Data on disk is not encrypted by Millrace; the only dataEncryptionMode is NONE.',
    asks: ({ features }) => isOther(features?.security?.dataEncryptionMode, 'NONE'),
  },
  {
    code: 'Instance.UnsupportedMetricsExporter',
    path: 'features.metricsExporter',
    message: 'Sending metrics on is not available in this release; leave metricsExporter out.',
    asks: ({ features }) => asksInside(features?.metricsExporter),
  },
  ...(['tableTopic', 's3Failover'] as const).map((field) => ({
    code: `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`,
    path: `features.${field}`,
    message: `${field} is not available in this release; leave it out.`,
    asks: ({ features }: NewInstanceBody) => isEnabled(features?.[field]),
  })),
  ...(['inboundRules', 'extendListeners'] as const).map((field) => ({
    code: `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`,
    path: `features.${field}`,
    message: `${field} are not available in this release; leave them out.`,
    asks: ({ features }: NewInstanceBody) => isGiven(features?.[field]),
  })),
  {
    code: 'Instance.UnsupportedSchemaRegistry',
    path: 'features.schemaRegistryEnabled',
    message: 'A Schema Registry is not available in this release; schemaRegistryEnabled can only be false.',
    asks: ({ features }) => features?.schemaRegistryEnabled === true,
  },
]

/** Throws `invalid` for the first thing asked for that is not there, naming every such field. */
export function refuseUnsupported(body: NewInstanceBody, here: Here): void {
  const asked = refusals.filter((refusal) => refusal.asks(body, here))
  const first = asked[0]
  if (!first) return
  const fields = asked.map(({ path, message }) => ({ path, message }))
  throw new AppError('invalid', first.code, first.message, { detail: first.path, fields })
}
