import { z } from '@hono/zod-openapi'
import type { OwnCertificates } from '../../domain/keyring.ts'
import type { MetricsExporter } from '../../domain/metrics-exporter.ts'
import type { CreateInstanceInput } from '../../operations/create-instance.ts'
import {
  besideFields,
  capacityFields,
  cloudWordFields,
  Config,
  foreignFeatureFields,
  foreignSpecFields,
  Network,
  Tag,
  text,
} from './contract-fields.ts'
import { fixedSpecOf, networksOf } from './fixed-spec.ts'
import { MetricsExporterBody } from './metrics-fields.ts'

/**
 * The body of a create, as the wire contract has it. What this provider carries out is stored and echoed; what it cannot do
 * is refused in words by `unsupported.ts`.
 */
const Spec = z
  .strictObject({
    ...capacityFields,
    deployType: text('The deploy type').optional(),
    networks: z.array(Network, 'Networks are a list of {zone, subnet}.'),
    ...cloudWordFields,
    ...foreignSpecFields,
  })
  .openapi({
    description:
      'SubscriptionBased, the usual pricingMode, is sized by reservedAku; UsageBased by reservedNodeCount of one instance type.',
  })

const certificateFields = {
  certificateAuthority: text('The certificate authority').optional(),
  certificateChain: text('The certificate chain').optional(),
  privateKey: text('The private key').optional().openapi({ writeOnly: true }),
}

export const Security = z.strictObject({
  authenticationMethods: z.array(text('An authentication method')).optional(),
  transitEncryptionModes: z.array(text('A transit encryption mode')).optional(),
  dataEncryptionMode: text('The data encryption mode').optional(),
  tlsHostnameValidationEnabled: z.boolean().optional(),
  ...certificateFields,
})

const Features = z.strictObject({
  walMode: text('The WAL mode').optional(),
  instanceConfigs: z.array(Config).optional(),
  security: Security.optional(),
  metricsExporter: MetricsExporterBody.nullish(),
  schemaRegistryEnabled: z.boolean('This is either true or false.').optional(),
  ...foreignFeatureFields,
})

export const NewInstance = z
  .strictObject(
    {
      name: text('The name'),
      description: text('The remark').optional(),
      version: text('The version'),
      spec: Spec,
      features: Features.optional(),
      tags: z.array(Tag, 'Tags are a list of {name, value}.').optional(),
      ...besideFields,
    },
    'The body is a JSON object.',
  )
  .openapi('NewInstance')

export type NewInstanceBody = z.output<typeof NewInstance>

/** What was checked and sealed before. */
export type Sealed = { own: OwnCertificates | undefined; exporter: MetricsExporter | undefined }

/** What the Operation is given: the supported part of the body, exactly as it was sent. `unsupported` was asked before. */
export function inputOf(body: NewInstanceBody, sealed: Sealed): CreateInstanceInput {
  const { name, description, version, tags } = body
  const { reservedAku, reservedNodeCount, networks } = body.spec
  return {
    name,
    ...(description !== undefined && { description }),
    version,
    spec: {
      // 0 is how the public client says that it counts in the other unit.
      ...(reservedAku && { reservedAku }),
      ...(reservedNodeCount && { reservedNodeCount }),
      ...fixedSpecOf(body),
      networks: networksOf(networks),
    },
    ...(body.features && { features: featuresOf(body.features, sealed) }),
    ...(tags && { tags }),
  }
}

function featuresOf(
  { walMode, instanceConfigs, security, schemaRegistryEnabled }: z.output<typeof Features>,
  { own, exporter }: Sealed,
) {
  return {
    ...(walMode !== undefined && { walMode }),
    ...(instanceConfigs && { instanceConfigs }),
    ...(security && { security: { ...securityOf(security), ...(own && { own }) } }),
    ...(schemaRegistryEnabled !== undefined && { schemaRegistryEnabled }),
    ...(exporter && { metricsExporter: exporter }),
  }
}

/** Without certificates. */
export function securityOf(security: z.output<typeof Security>) {
  const { authenticationMethods, transitEncryptionModes, dataEncryptionMode, tlsHostnameValidationEnabled } = security
  return {
    ...(authenticationMethods && { authenticationMethods }),
    ...(transitEncryptionModes && { transitEncryptionModes }),
    ...(dataEncryptionMode !== undefined && { dataEncryptionMode }),
    ...(tlsHostnameValidationEnabled !== undefined && { tlsHostnameValidationEnabled }),
  }
}
