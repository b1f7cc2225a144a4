import { z } from 'zod'

/**
 * What the public Terraform provider decodes of each answer: a field of another type is an error to it, absent and null are the
 * same, and whatever else is there it passes over. Required is what it cannot do without.
 */
const text = z.string().nullish()
const never = z.never().optional()
const flag = z.boolean().nullish()
const texts = z.array(z.string()).nullish()
const int32 = z.int32().nullish()
const int64 = z.int().nullish()
const number = z.number().nullish()
const time = z.iso.datetime({ offset: true })
const named = z.looseObject({ name: z.string(), value: z.string() })

/** Goes into paths as it is, and import ids split on `@`. */
const id = z.string().regex(/^[A-Za-z0-9._-]+$/)

const listOf = <T extends z.ZodType>(item: T) =>
  z.looseObject({ pageNum: z.int(), pageSize: z.int(), total: z.int(), totalPage: z.int(), list: z.array(item) })

const Spec = z.looseObject({
  reservedAku: int32,
  pricingMode: text,
  reservedNodeCount: int32,
  currentAku: int32,
  nodeConfig: z.looseObject({ instanceTypes: texts, paymentType: text, paymentPeriod: int32 }).nullish(),
  networks: z.array(z.looseObject({ zone: z.string(), subnet: text, subnetName: text })),
  kubernetesNodeGroups: z.array(z.looseObject({ id: z.string() })).nullish(),
  dataBuckets: z.array(z.looseObject({ bucketName: text })),
  securityGroups: texts,
  fileSystemForFsWal: z
    .looseObject({ throughputMiBpsPerFileSystem: int32, fileSystemCount: int32, securityGroups: texts })
    .nullish(),
  deployType: text,
  dnsZone: text,
  kubernetesClusterId: text,
  kubernetesNamespace: text,
  kubernetesServiceAccount: text,
  kubernetesLoadBalancerSubnets: texts,
  instanceRole: text,
})

const Prometheus = z.looseObject({
  authType: text,
  endPoint: text,
  username: text,
  prometheusArn: text,
  labels: z.array(named).nullish(),
  // Whoever sent them must not get them back.
  password: never,
  token: never,
})

const Features = z.looseObject({
  walMode: text,
  security: z
    .looseObject({
      authenticationMethods: texts,
      transitEncryptionModes: texts,
      dataEncryptionMode: text,
      tlsHostnameValidationEnabled: flag,
      privateKey: never,
    })
    .nullish(),
  metricsExporter: z.looseObject({ prometheus: Prometheus.nullish() }).nullish(),
  tableTopic: z.looseObject({ enabled: flag, warehouse: text, catalogType: text }).nullish(),
  schemaRegistryEnabled: flag,
})

export const Instance = z.looseObject({
  instanceId: id,
  name: z.string(),
  description: text,
  version: z.string(),
  state: z.enum(['Creating', 'Running', 'Changing', 'Deleting', 'Error']),
  gmtCreate: time,
  gmtModified: time,
  tags: z.array(named).nullish(),
  spec: Spec,
  features: Features,
  kafkaClusterId: text,
  deployProfile: text,
  statistics: z
    .looseObject({
      topicCount: int64,
      partitionCount: int64,
      consumerGroupCount: int64,
      storageSize: int64,
      bytesInPerSecond: number,
      bytesOutPerSecond: number,
      requestsInPerSecond: number,
    })
    .nullish(),
})

export const Instances = listOf(Instance)

/** An entry that lacks one of the five is passed over in silence; and there must be one. */
export const Endpoints = listOf(
  z.looseObject({
    displayName: z.string(),
    networkType: z.string(),
    protocol: z.string(),
    mechanisms: z.string(),
    bootstrapServers: z.string().min(1),
  }),
).refine(({ list }) => list.length > 0, 'no endpoint')

export const Configurations = listOf(z.looseObject({ key: z.string(), value: z.string() }))

export const Topic = z.looseObject({
  topicId: id,
  name: z.string(),
  partition: z.int(),
  configs: z.record(z.string(), z.unknown()).nullish(),
})

export const User = z.looseObject({ name: z.string(), password: never, supportedSaslMechanisms: texts })
export const Users = listOf(User)

export const Acls = listOf(
  z.looseObject({
    accessControl: z.looseObject({
      user: z.string(),
      host: text,
      operationGroup: z.looseObject({ name: z.string(), hitOperations: texts, missOperations: texts }),
      permissionType: z.string(),
    }),
    resourcePattern: z.looseObject({ resourceType: z.string(), name: z.string(), patternType: z.string() }),
  }),
)

export const Refusal = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string().min(1), detail: text }),
})
