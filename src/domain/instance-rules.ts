import { nodesForAku } from './aku.ts'
import { capacityProblems, isUsageBased, sizeField, type Capacity } from './capacity.ts'
import type { Environment, MachineType } from './environment.ts'
import { AppError, type FieldProblem } from './errors.ts'
import type { InstanceSpec, Tag } from './instance.ts'
import { descriptionProblem, instanceNameProblem } from './names.ts'
import { networkProblems } from './placement.ts'
import { tagProblems } from './tags.ts'
import { whyNotRun, type VersionCatalogue } from './version.ts'

/**
 * What a new Instance must satisfy. The form asks while a person types, the API before it answers, and the Operation again in
 * its transaction: one rule for the three.
 */
export type WantedInstance = Labels & { name: string; version: string; spec: InstanceSpec }

/** What people call an Instance, and write upon it. It changes at once. */
export type Labels = { name?: string | undefined; description?: string | undefined; tags?: Tag[] | undefined }

export type Offer = { environment: Environment; catalogue: VersionCatalogue }

/** Everything wrong with it, each with its field. Empty: nothing. */
export function instanceProblems(wanted: WantedInstance, { environment, catalogue }: Offer): FieldProblem[] {
  return [
    ...labelProblems(wanted),
    ...fieldProblem('version', whyNotRun(wanted.version, catalogue) ?? undefined),
    ...capacityProblems(wanted.spec, environment.machineTypes),
    ...networkProblems(wanted.spec.networks, environment.subnets),
  ]
}

export const labelProblems = ({ name, description = '', tags = [] }: Labels): FieldProblem[] => [
  ...fieldProblem('name', name === undefined ? undefined : instanceNameProblem(name)),
  ...fieldProblem('description', descriptionProblem(description)),
  ...tagProblems(tags),
]

const fieldProblem = (path: string, message: string | undefined): FieldProblem[] => (message ? [{ path, message }] : [])

/** Throws `invalid` with every field's problem; the message is the first. */
export function refuseProblems(problems: FieldProblem[]): void {
  const first = problems[0]
  if (first) throw new AppError('invalid', 'Instance.Invalid', first.message, { detail: first.path, fields: problems })
}

export type Sizing = {
  machineType: MachineType
  nodeCount: number
  memoryMiB: number
  /** What these nodes carry, or what of it is reserved. */
  aku: number
  /** The field that asked for so many. */
  field: string
}

/** Nodes and memory for what is reserved, on the environment's machine type. */
export function sizingFor(spec: Capacity, environment: Environment): Sizing {
  const machineType = environment.machineTypes[0]
  if (!machineType) throw new AppError('bug', 'Environment.NoMachineType', 'This environment offers no machine type.')
  const { reservedAku = 0, reservedNodeCount = 0 } = spec
  const { akuPerNode, memoryMiB } = machineType
  const nodeCount = isUsageBased(spec) ? reservedNodeCount : nodesForAku(reservedAku, akuPerNode)
  const aku = isUsageBased(spec) ? nodeCount * akuPerNode : reservedAku
  return { machineType, nodeCount, memoryMiB: nodeCount * memoryMiB, aku, field: `spec.${sizeField(spec)}` }
}

/** Throws `limit` (`Instance.NotEnoughMemory`) when the nodes that stand and the new ones do not fit together. */
export function refuseWithoutMemory(sizing: Sizing, standingNodes: number, environment: Environment): void {
  if (environment.memoryMiB === null) return
  const free = Math.max(0, environment.memoryMiB - standingNodes * sizing.machineType.memoryMiB)
  if (sizing.memoryMiB <= free) return
  throw new AppError(
    'limit',
    'Instance.NotEnoughMemory',
    `${sizing.nodeCount} nodes take ${sizing.memoryMiB} MiB of memory, and ${free} MiB are free for nodes here. Choose a smaller size, or delete an Instance.`,
    { fields: [{ path: sizing.field, message: `Needs ${sizing.memoryMiB} MiB of memory; ${free} MiB are free.` }] },
  )
}
