import { akuLimits, akuProblem, nodeCountLimits, nodeCountProblem } from './aku.ts'
import type { MachineType } from './environment.ts'
import type { FieldProblem } from './errors.ts'
import type { InstanceSpec } from './instance.ts'

/**
 * What an Instance reserves, and in which unit. `SubscriptionBased`, which is meant where nothing is said, counts AKU, from which
 * the number of nodes follows. `UsageBased` counts nodes of a machine type, exactly so many. The unit is for life, so two sizes
 * of one Instance can be compared.
 */
export const pricingModes = ['SubscriptionBased', 'UsageBased'] as const
export type PricingMode = (typeof pricingModes)[number]
export const usualPricingMode: PricingMode = 'SubscriptionBased'

export type Capacity = Pick<InstanceSpec, 'pricingMode' | 'reservedAku' | 'reservedNodeCount' | 'nodeConfig'>
type Counts = { pricingMode?: string | undefined }
type Size = { reservedAku?: number | undefined; reservedNodeCount?: number | undefined }

/** In which unit, and the other one. */
const units = {
  SubscriptionBased: {
    own: 'reservedAku',
    other: 'reservedNodeCount',
    problem: akuProblem,
    missing: `Say how many AKU: reservedAku is a whole number from ${akuLimits.least} to ${akuLimits.most}.`,
    foreign: 'SubscriptionBased counts AKU, and the number of nodes follows from them: leave reservedNodeCount out.',
  },
  UsageBased: {
    own: 'reservedNodeCount',
    other: 'reservedAku',
    problem: nodeCountProblem,
    missing: `Say how many nodes: reservedNodeCount is a whole number from ${nodeCountLimits.least} to ${nodeCountLimits.most}.`,
    foreign: 'UsageBased counts nodes, and no AKU: leave reservedAku out.',
  },
} as const satisfies Record<PricingMode, object>

const isPricingMode = (mode: string): mode is PricingMode => (pricingModes as readonly string[]).includes(mode)

export const isUsageBased = ({ pricingMode }: Counts): boolean => pricingMode === 'UsageBased'

const unitOf = (spec: Counts) => units[isUsageBased(spec) ? 'UsageBased' : 'SubscriptionBased']

/** The field that says how big it is. */
export const sizeField = (spec: Counts) => unitOf(spec).own

/** In its own unit. */
export const sizeOf = (spec: Capacity): number => spec[sizeField(spec)] ?? 0

type MachineTypes = readonly Pick<MachineType, 'id'>[]

/** Everything wrong with what a new Instance reserves, each with its field. */
export function capacityProblems(spec: Capacity, machineTypes: MachineTypes): FieldProblem[] {
  const { pricingMode = usualPricingMode, nodeConfig } = spec
  if (!isPricingMode(pricingMode)) {
    const message = `There is no pricing mode "${pricingMode}"; there are SubscriptionBased, which counts AKU, and UsageBased, which counts nodes.`
    return [{ path: 'spec.pricingMode', message }]
  }
  const { own, missing } = units[pricingMode]
  const wrongTypes = instanceTypesProblem(nodeConfig?.instanceTypes, machineTypes)
  return [
    ...(spec[own] === undefined ? [{ path: `spec.${own}`, message: missing }] : []),
    ...sizeProblems(spec, spec),
    ...(pricingMode === 'UsageBased' && !nodeConfig?.instanceTypes?.length
      ? [
          {
            path: instanceTypesPath,
            message: `UsageBased counts nodes of one type: name it; ${offered(machineTypes)}.`,
          },
        ]
      : []),
    ...(wrongTypes ? [{ path: instanceTypesPath, message: wrongTypes }] : []),
  ]
}

/** The same of a new size for an Instance that counts so; what is not given stays. 0 of the other unit says nothing. */
export function sizeProblems(counts: Counts, size: Size): FieldProblem[] {
  const { own, other, problem } = unitOf(counts)
  const amount = size[own]
  const wrong = amount === undefined ? undefined : problem(amount)
  const foreign = foreignSizeProblem(counts, size, other)
  return [
    ...(wrong ? [{ path: `spec.${own}`, message: wrong }] : []),
    ...(foreign ? [{ path: `spec.${other}`, message: foreign }] : []),
  ]
}

/** Of a size in the unit that is not counted in. */
export function foreignSizeProblem(counts: Counts, size: Size, field: keyof Size): string | undefined {
  const { other, foreign } = unitOf(counts)
  return field === other && size[other] ? foreign : undefined
}

export const instanceTypesPath = 'spec.nodeConfig.instanceTypes'

/** None named means the environment's own. */
export function instanceTypesProblem(
  instanceTypes: readonly string[] = [],
  machineTypes: MachineTypes,
): string | undefined {
  const unknown = instanceTypes.find((type) => !machineTypes.some(({ id }) => id === type))
  if (unknown !== undefined) return `There is no instance type "${unknown}" here; ${offered(machineTypes)}.`
  return instanceTypes.length > 1 ? 'Name one instance type: all nodes of an Instance are alike.' : undefined
}

const offered = (machineTypes: MachineTypes): string => `there is ${machineTypes.map(({ id }) => id).join(', ')}`
