import { z } from '@hono/zod-openapi'
import { ChangeOptions, longestSoakSeconds, type ChangeInput } from '../../domain/change.ts'
import { AppError } from '../../domain/errors.ts'

/**
 * The body of a change: what is absent stays as it is. Fields that the wire contract knows and that cannot change after the
 * create are refused in words, never accepted and ignored.
 */
const fixed = z.unknown().optional()
const text = (what: string) => z.string(`${what} is a text.`)

const Spec = z.strictObject({
  reservedAku: z.int('AKU is a whole number from 3 to 500.').optional(),
  reservedNodeCount: fixed,
  nodeConfig: fixed,
  fileSystemForFsWal: fixed,
  networks: fixed,
  pricingMode: fixed,
  deployType: fixed,
})

const Config = z.strictObject({ key: text('A key').min(1, 'A key is not empty.'), value: text('A value') })

const Features = z.strictObject({
  instanceConfigs: z
    .array(Config)
    .optional()
    .openapi({ description: 'All of them: one that is missing goes back to the default.' }),
  security: fixed,
  metricsExporter: fixed,
  tableTopic: fixed,
  schemaRegistryEnabled: fixed,
  walMode: fixed,
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
      tags: z.array(z.strictObject({ name: text('A tag name'), value: text('A tag value') })).optional(),
      operation: OptionsBody.optional(),
    },
    'The body is a JSON object.',
  )
  .openapi('InstanceChange')
export type ChangeBody = z.output<typeof ChangeBody>

/** Throws `invalid` (`Instance.UnsupportedChange`) naming every field that is fixed once the Instance is made. */
export function refuseFixed({ spec = {}, features = {} }: ChangeBody): void {
  const { reservedAku: _aku, ...otherSpec } = spec
  const { instanceConfigs: _configs, ...otherFeatures } = features
  const asked = [
    ...Object.keys(otherSpec).map((field) => `spec.${field}`),
    ...Object.keys(otherFeatures).map((field) => `features.${field}`),
  ]
  if (asked.length === 0) return
  const message = `These cannot be changed in this release: ${asked.join(', ')}. Nothing was changed.`
  const fields = asked.map((path) => ({ path, message: 'This is fixed once the Instance is made.' }))
  throw new AppError('invalid', 'Instance.UnsupportedChange', message, { fields })
}

export function inputOf({ version, spec, features, operation }: ChangeBody): ChangeInput {
  return {
    wish: {
      ...(version !== undefined && { version }),
      ...(spec?.reservedAku !== undefined && { reservedAku: spec.reservedAku }),
      ...(features?.instanceConfigs && { instanceConfigs: features.instanceConfigs }),
    },
    options: ChangeOptions.parse(operation ?? {}),
  }
}
