import { foreignSizeProblem, instanceTypesPath, instanceTypesProblem } from '../../domain/capacity.ts'
import type { Environment } from '../../domain/environment.ts'
import { AppError } from '../../domain/errors.ts'
import { isEnabled, isGiven } from './asks-for.ts'
import { unsupportedExporterFields } from './metrics-fields.ts'
import type { NewInstanceBody } from './new-instance.ts'

/**
 * What the wire contract knows and this provider cannot do. Asked for, at the create or later, it is refused with words and a
 * code of its own; nothing is accepted and then ignored. A value that asks for nothing (`schemaRegistryEnabled: false`, an empty
 * text, list or object) is let through.
 */
type Refusal = { code: string; path: string; why(asked: Asked, here: Here): string | undefined }

/** The parts that both bodies have. */
type Asked = Partial<Pick<NewInstanceBody, 'endPoint'>> & {
  spec: Omit<NewInstanceBody['spec'], 'networks'>
  features: Omit<NonNullable<NewInstanceBody['features']>, 'security'> & {
    security?: { dataEncryptionMode?: unknown } | undefined
  }
}

/** What a caller may name, because it is what they get; and what the Instance counts in, once there is one. */
type Here = Pick<Environment, 'machineTypes'> & { pricingMode?: string | undefined }

const codeOf = (field: string) => `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`

const kubernetes = (field: KubernetesField): Refusal => ({
  code: 'Instance.UnsupportedKubernetes',
  path: `spec.${field}`,
  why: ({ spec }) =>
    isGiven(spec[field]) ? `Nodes are no pods of a Kubernetes cluster here: leave ${field} out.` : undefined,
})

type KubernetesField = (typeof kubernetesFields)[number]
const kubernetesFields = [
  'kubernetesNodeGroups',
  'kubernetesClusterId',
  'kubernetesNamespace',
  'kubernetesServiceAccount',
  'kubernetesLoadBalancerSubnets',
  'scheduleSpec',
] as const

/** Of the clouds; each with why it is not to be had here. */
const cloudFields = {
  dnsZone: 'Clients reach nodes by address here, and there is no DNS zone to name them in',
  dnsZoneType: 'Clients reach nodes by address here, and there is no DNS zone to name them in',
  instanceRole: 'Nodes are processes of this machine and take no role of a cloud',
  securityGroup: 'Nodes are processes of this machine, and no security group stands before them',
  securityGroups: 'Nodes are processes of this machine, and no security group stands before them',
  dataBuckets: 'Records are kept on each node’s own disk, and in no bucket',
  fileSystemForFsWal: 'Records are written to each node’s own disk, and to no shared file system',
} as const

const cloud = ([field, why]: [string, string]): Refusal => ({
  code: codeOf(field),
  path: `spec.${field}`,
  why: ({ spec }) => (isGiven(spec[field as keyof typeof cloudFields]) ? `${why}: leave ${field} out.` : undefined),
})

const size = (field: 'reservedAku' | 'reservedNodeCount'): Refusal => ({
  code: codeOf(field),
  path: `spec.${field}`,
  why: ({ spec }, { pricingMode }) => foreignSizeProblem({ pricingMode: spec.pricingMode ?? pricingMode }, spec, field),
})

const walModes: Record<string, string | undefined> = {
  S3WAL: 'S3WAL is for Instances that keep their records in an object store, and there is none here',
  FSWAL: 'FSWAL needs a shared file system, and there is none here',
}

const refusals: Refusal[] = [
  {
    code: 'Instance.UnsupportedDeployType',
    path: 'spec.deployType',
    why: ({ spec: { deployType = 'IAAS' } }) =>
      deployType === 'IAAS' ? undefined : 'Nodes are processes of this machine here: the only deployType is IAAS.',
  },
  {
    code: 'Instance.UnsupportedInstanceTypes',
    path: instanceTypesPath,
    why: ({ spec }, { machineTypes }) => instanceTypesProblem(spec.nodeConfig?.instanceTypes, machineTypes),
  },
  size('reservedAku'),
  size('reservedNodeCount'),
  ...kubernetesFields.map(kubernetes),
  ...Object.entries(cloudFields).map(cloud),
  {
    code: 'Instance.UnsupportedEndPoint',
    path: 'endPoint',
    why: ({ endPoint }) =>
      isGiven(endPoint)
        ? 'An Instance here is made new, and takes over no Kafka that runs elsewhere: leave endPoint out.'
        : undefined,
  },
  {
    code: 'Instance.UnsupportedWalMode',
    path: 'features.walMode',
    why: ({ features: { walMode = 'EBSWAL' } }) =>
      walMode === 'EBSWAL'
        ? undefined
        : `${walModes[walMode] ?? `There is no WAL mode "${walMode}"`}. Records are written to each node’s own disk: the only walMode is EBSWAL.`,
  },
  {
    code: 'Instance.UnsupportedDataEncryption',
    path: 'features.security.dataEncryptionMode',
    why: ({ features: { security } }) =>
      (security?.dataEncryptionMode ?? 'NONE') === 'NONE'
        ? undefined
        : 'Keys of your own need a key service, and there is none here; Millrace does not encrypt what is on disk. The only dataEncryptionMode is NONE.',
  },
  ...unsupportedExporterFields.map(({ path, why }) => ({
    code: 'Instance.UnsupportedMetricsExporter',
    path,
    why: ({ features }: Asked) => why(features.metricsExporter ?? {}),
  })),
  {
    code: 'Instance.UnsupportedTableTopic',
    path: 'features.tableTopic',
    why: ({ features }) =>
      isEnabled(features.tableTopic)
        ? 'Kafka here writes no topics into tables, and has no Schema Registry to do it by: leave tableTopic out.'
        : undefined,
  },
  {
    code: 'Instance.UnsupportedS3Failover',
    path: 'features.s3Failover',
    why: ({ features }) =>
      isEnabled(features.s3Failover)
        ? 'There is no object store here to fail over to: leave s3Failover out.'
        : undefined,
  },
  {
    code: 'Instance.UnsupportedInboundRules',
    path: 'features.inboundRules',
    why: ({ features }) =>
      isGiven(features.inboundRules)
        ? 'Who may reach the nodes is for this machine’s own firewall to say: leave inboundRules out.'
        : undefined,
  },
  {
    code: 'Instance.UnsupportedExtendListeners',
    path: 'features.extendListeners',
    why: ({ features }) =>
      isGiven(features.extendListeners)
        ? 'The listeners follow from the security of the Instance: leave extendListeners out.'
        : undefined,
  },
  {
    code: 'Instance.UnsupportedSchemaRegistry',
    path: 'features.schemaRegistryEnabled',
    why: ({ features }) =>
      features.schemaRegistryEnabled
        ? 'Millrace runs no Schema Registry: schemaRegistryEnabled can only be false. One of your own can use this Instance.'
        : undefined,
  },
]

type Body = Omit<Asked, 'spec' | 'features'> & { [part in 'spec' | 'features']?: Asked[part] | undefined }

/** Throws `invalid` for the first thing asked for that is not there, naming every such field. */
export function refuseUnsupported({ spec = {}, features = {}, ...others }: Body, here: Here): void {
  const asked = refusals.flatMap(({ code, path, why }) => {
    const message = why({ ...others, spec, features }, here)
    return message === undefined ? [] : [{ code, path, message }]
  })
  const [first] = asked
  if (!first) return
  const fields = asked.map(({ path, message }) => ({ path, message }))
  throw new AppError('invalid', first.code, first.message, { detail: first.path, fields })
}
