import { z } from '@hono/zod-openapi'
import { ChangeOptions, longestSoakSeconds, type ChangeInput } from '../../domain/change.ts'
import type { Restated } from '../../domain/fixed-fields.ts'
import type { Labels } from '../../domain/instance-rules.ts'
import type { SecurityWish } from '../../domain/security-change.ts'
import type { ExporterWish } from '../../services/metrics/set-exporter.ts'
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
import { fixedSpecOf } from './fixed-spec.ts'
import { exporterWishOf, MetricsExporterBody } from './metrics-fields.ts'
import { Security, securityOf } from './new-instance.ts'

/**
 * The body of a change: what is absent stays as it is. What is fixed once the Instance is made may be said again as it is;
 * otherwise it is refused in words, as is what this provider cannot do. Nothing is accepted and ignored.
 */
const Spec = z.strictObject({
  ...capacityFields,
  deployType: text('The deploy type').optional(),
  networks: z.array(Network, 'Networks are a list of {zone, subnet}.').optional(),
  ...cloudWordFields,
  ...foreignSpecFields,
})

const Features = z.strictObject({
  instanceConfigs: z
    .array(Config)
    .optional()
    .openapi({ description: 'All of them: one that is missing goes back to the default.' }),
  security: Security.optional(),
  metricsExporter: MetricsExporterBody.nullish(),
  schemaRegistryEnabled: z.boolean('This is either true or false.').optional(),
  walMode: text('The WAL mode').optional(),
  ...foreignFeatureFields,
})

export const OptionsBody = z
  .strictObject({
    finalize: z.enum(['automatic', 'manual'], 'This is either automatic or manual.').optional(),
    soakSeconds: z.int('Seconds are a whole number.').min(0).max(longestSoakSeconds).optional(),
    pauseAfter: z.enum(['first', 'each'], 'This is either first or each.').optional(),
    holdNode: z.int('A node is named by its Kafka id.').optional(),
    rollBackOnFailure: z.boolean('This is either true or false.').optional(),
  })
  .openapi('ChangeOptions')

export const ChangeBody = z
  .strictObject(
    {
      name: text('The name').optional(),
      description: text('The remark').optional(),
      version: text('The version').optional(),
      spec: Spec.optional(),
      features: Features.optional(),
      tags: z
        .array(Tag, 'Tags are a list of {name, value}.')
        .optional()
        .openapi({ description: 'All of them: one that is missing is taken away.' }),
      operation: OptionsBody.optional(),
      ...besideFields,
    },
    'The body is a JSON object.',
  )
  .openapi('InstanceChange')
export type ChangeBody = z.output<typeof ChangeBody>

/** What a change asks for, by how it is brought about. */
export type ChangeAsked = {
  labels: Labels
  restated: Restated
  /** Undefined: it stays as it is. */
  exporter: ExporterWish | undefined
  input: ChangeInput
}

/** `own`: the user's certificates, checked and sealed; see `sealOwnChange`. */
export function askedOf(body: ChangeBody, own: SecurityWish['own']): ChangeAsked {
  const { name, description, tags, version, spec, features, operation } = body
  const { reservedAku, reservedNodeCount } = spec ?? {}
  return {
    labels: { name, description, tags },
    restated: restatedOf(body),
    exporter: exporterWishOf(features?.metricsExporter),
    input: {
      wish: {
        ...(version !== undefined && { version }),
        ...(reservedAku !== undefined && { reservedAku }),
        ...(reservedNodeCount !== undefined && { reservedNodeCount }),
        ...(features?.instanceConfigs && { instanceConfigs: features.instanceConfigs }),
        ...(features?.security && { security: { ...securityOf(features.security), ...(own && { own }) } }),
      },
      options: ChangeOptions.parse(operation ?? {}),
    },
  }
}

function restatedOf(body: ChangeBody): Restated {
  const { features = {} } = body
  const { walMode, schemaRegistryEnabled, instanceConfigs } = features
  const security = securityOf(features.security ?? {})
  return {
    spec: fixedSpecOf(body),
    features: {
      ...(walMode !== undefined && { walMode }),
      ...(schemaRegistryEnabled !== undefined && { schemaRegistryEnabled }),
      ...(instanceConfigs && { instanceConfigs }),
      ...(Object.keys(security).length > 0 && { security }),
    },
  }
}
