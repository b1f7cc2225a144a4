import { instanceTypesPath, usualPricingMode } from './capacity.ts'
import { sameSettings } from './change.ts'
import { AppError } from './errors.ts'
import { cloudWords, type Instance, type InstanceFeatures, type InstanceSpec } from './instance.ts'
import { refuseProblems } from './instance-rules.ts'
import { sameSecurity, securityAfter } from './security-change.ts'
import { securityProblems, type InstanceSecurity } from './security.ts'

/**
 * What is fixed once an Instance is made. A change may say it again as it is: then nothing changes in the world, and what was
 * said is kept and echoed, as at the create.
 */
export type Restated = {
  spec: Partial<Omit<InstanceSpec, 'reservedAku' | 'reservedNodeCount'>>
  features: Pick<InstanceFeatures, 'walMode' | 'schemaRegistryEnabled' | 'instanceConfigs'> & {
    /** Without certificates. */
    security?: Omit<InstanceSecurity, 'own' | 'seats' | 'keepsAnonymous'>
  }
}

type Present = Pick<Instance, 'spec' | 'features'>

/**
 * Throws `invalid` (`Instance.UnsupportedChange`) naming every field that is said to be otherwise than it is, and for words of
 * security that mean nothing: they change no listener, and are wrong all the same.
 */
export function refuseFixed({ spec, features }: Present, said: Restated): void {
  refuseProblems(securityProblems(securityWords(features, said)))
  const rows: Row[] = [
    ...specRows(spec, said.spec),
    ['features.walMode', features.walMode ?? 'EBSWAL', said.features.walMode],
    ['features.schemaRegistryEnabled', features.schemaRegistryEnabled ?? false, said.features.schemaRegistryEnabled],
  ]
  const others = rows.filter(([, present, wanted]) => wanted !== undefined && !isSame(present, wanted))
  if (others.length === 0) return
  const fields = others.map(([path, present]) => ({
    path,
    message: `This is fixed once the Instance is made: it is ${JSON.stringify(present)}.`,
  }))
  const message = `These cannot be changed: ${fields.map(({ path }) => path).join(', ')}. Nothing was changed.`
  throw new AppError('invalid', 'Instance.UnsupportedChange', message, { detail: fields[0]!.path, fields })
}

type Row = [path: string, present: unknown, said: unknown]

/** What was never set is as what it means, or as an empty text, 0 or list. */
function specRows(spec: InstanceSpec, said: Restated['spec']): Row[] {
  const { instanceTypes = [], paymentType = '', paymentPeriod = 0 } = spec.nodeConfig ?? {}
  const { clusterId = '', accesses = [] } = spec.beside ?? {}
  return [
    ['spec.pricingMode', spec.pricingMode ?? usualPricingMode, said.pricingMode],
    ['spec.deployType', spec.deployType ?? 'IAAS', said.deployType],
    ['spec.networks', spec.networks, said.networks],
    // Where none was named, it is the environment's own, and may be named at any time.
    ...(instanceTypes.length > 0 ? [[instanceTypesPath, instanceTypes, said.nodeConfig?.instanceTypes] as Row] : []),
    ['spec.nodeConfig.paymentType', paymentType, said.nodeConfig?.paymentType],
    ['spec.nodeConfig.paymentPeriod', paymentPeriod, said.nodeConfig?.paymentPeriod],
    ...cloudWords.map((word): Row => [`spec.${word}`, spec[word] ?? '', said[word]]),
    ['clusterId', clusterId, said.beside?.clusterId],
    ['accesses', accesses, said.beside?.accesses],
  ]
}

/**
 * The Instance's own words with what was said again; null: they are so already. Settings and security too are echoed as they
 * were said last: in another order, or with what is meant anyway, they change nothing else.
 */
export function restatedWords({ spec, features }: Present, said: Restated): Present | null {
  const { instanceConfigs, security: _words, ...others } = said.features
  const isReordered = !!instanceConfigs && !!features.instanceConfigs && sameSettings(features, { instanceConfigs })
  const security = securityWords(features, said)
  const words = {
    spec: {
      ...spec,
      ...said.spec,
      ...(said.spec.nodeConfig && { nodeConfig: { ...spec.nodeConfig, ...said.spec.nodeConfig } }),
      ...(said.spec.beside && { beside: { ...spec.beside, ...said.spec.beside } }),
    },
    features: {
      ...features,
      ...others,
      ...(isReordered && { instanceConfigs }),
      ...(security && { security }),
    },
  }
  return isSame(words, { spec, features }) ? null : words
}

/** As it is, in the words that were said; undefined: none were, or they ask for another security. */
function securityWords(
  { security: is }: InstanceFeatures,
  { features: { security } }: Restated,
): InstanceSecurity | undefined {
  if (!security || !sameSecurity(is, securityAfter(is, security))) return undefined
  return { ...is, ...security }
}

const isSame = (one: unknown, other: unknown): boolean => inOrder(one) === inOrder(other)

/** As JSON, the fields of each object in one order. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
