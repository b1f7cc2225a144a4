import { z } from '@hono/zod-openapi'
import type { OwnCertificates } from '../../domain/keyring.ts'
import type { CreateInstanceInput } from '../../operations/create-instance.ts'

/**
 * The body of a create, as the wire contract has it. What this provider carries out is stored and echoed; what it cannot do
 * yet is refused in words by `unsupported.ts`, so those fields are read here as whatever they are.
 */
const text = (what: string) => z.string(`${what} is a text.`)
const anything = z.unknown().optional()

const Network = z.strictObject({ zone: text('A zone'), subnet: text('A subnet').optional() })

const Spec = z
  .strictObject({
    reservedAku: z.int('AKU is a whole number from 3 to 500.').optional(),
    pricingMode: text('The pricing mode').optional(),
    reservedNodeCount: anything,
    deployType: text('The deploy type').optional(),
    networks: z.array(Network, 'Networks are a list of {zone, subnet}.'),
    nodeConfig: z.looseObject({ instanceTypes: z.array(text('An instance type')).optional() }).optional(),
    dnsZone: anything,
    kubernetesNodeGroups: anything,
    dataBuckets: anything,
    kubernetesClusterId: anything,
    kubernetesNamespace: anything,
    kubernetesServiceAccount: anything,
    kubernetesLoadBalancerSubnets: anything,
    scheduleSpec: anything,
    instanceRole: anything,
    securityGroups: anything,
    fileSystemForFsWal: anything,
    template: anything,
    provider: anything,
    region: anything,
    scope: anything,
    vpc: anything,
  })
  .openapi({ description: 'reservedAku is required: an Instance is sized in AKU here.' })

export const certificateFields = {
  certificateAuthority: text('The certificate authority').optional(),
  certificateChain: text('The certificate chain').optional(),
  privateKey: text('The private key').optional().openapi({ writeOnly: true }),
}

const Security = z.strictObject({
  authenticationMethods: z.array(text('An authentication method')).optional(),
  transitEncryptionModes: z.array(text('A transit encryption mode')).optional(),
  dataEncryptionMode: text('The data encryption mode').optional(),
  tlsHostnameValidationEnabled: z.boolean().optional(),
  ...certificateFields,
})

const Config = z.strictObject({ key: text('A key').min(1, 'A key is not empty.'), value: text('A value') })

const Features = z.strictObject({
  walMode: text('The WAL mode').optional(),
  instanceConfigs: z.array(Config).optional(),
  security: Security.optional(),
  metricsExporter: anything,
  tableTopic: anything,
  schemaRegistryEnabled: z.boolean().optional(),
  s3Failover: anything,
  inboundRules: anything,
  extendListeners: anything,
})

export const NewInstance = z
  .strictObject(
    {
      name: text('The name'),
      description: text('The remark').optional(),
      version: text('The version'),
      spec: Spec,
      features: Features.optional(),
      tags: z.array(z.strictObject({ name: text('A tag name'), value: text('A tag value') })).optional(),
      clusterId: anything,
      endPoint: anything,
      accesses: anything,
    },
    'The body is a JSON object.',
  )
  .openapi('NewInstance')

export type NewInstanceBody = z.output<typeof NewInstance>

/** `own`: the user's certificates, checked and sealed. What the Operation is given: the supported part of the body, exactly as it was sent. `unsupported` was asked before. */
export function inputOf(body: NewInstanceBody, own: OwnCertificates | undefined): CreateInstanceInput {
  const { name, description, version, tags } = body
  const { reservedAku, pricingMode, deployType, networks, nodeConfig } = body.spec
  return {
    name,
    ...(description !== undefined && { description }),
    version,
    spec: {
      // Left out means 0, as the public client sends it: the rule on AKU says what is wrong.
      reservedAku: reservedAku ?? 0,
      ...(pricingMode !== undefined && { pricingMode }),
      ...(deployType !== undefined && { deployType }),
      networks: networks.map(({ zone, subnet }) => ({ zone, ...(subnet !== undefined && { subnet }) })),
      ...(nodeConfig?.instanceTypes && { nodeConfig: { instanceTypes: nodeConfig.instanceTypes } }),
    },
    ...(body.features && { features: featuresOf(body.features, own) }),
    ...(tags && { tags }),
  }
}

function featuresOf(
  { walMode, instanceConfigs, security, schemaRegistryEnabled }: z.output<typeof Features>,
  own: OwnCertificates | undefined,
) {
  return {
    ...(walMode !== undefined && { walMode }),
    ...(instanceConfigs && { instanceConfigs }),
    ...(security && { security: { ...securityOf(security), ...(own && { own }) } }),
    ...(schemaRegistryEnabled !== undefined && { schemaRegistryEnabled }),
  }
}

function securityOf(security: z.output<typeof Security>) {
  const { authenticationMethods, transitEncryptionModes, dataEncryptionMode, tlsHostnameValidationEnabled } = security
  return {
    ...(authenticationMethods && { authenticationMethods }),
    ...(transitEncryptionModes && { transitEncryptionModes }),
    ...(dataEncryptionMode !== undefined && { dataEncryptionMode }),
    ...(tlsHostnameValidationEnabled !== undefined && { tlsHostnameValidationEnabled }),
  }
}
