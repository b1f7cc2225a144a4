import { akuLimits, nodesForAku } from './aku.ts'
import type { Environment, MachineType } from './environment.ts'
import { AppError, type FieldProblem } from './errors.ts'
import type { InstanceSpec } from './instance.ts'
import { descriptionProblem, instanceNameProblem } from './names.ts'
import { networkProblems } from './placement.ts'
import { whyNotRun, type VersionCatalogue } from './version.ts'

/**
 * What a new Instance must satisfy. The form asks while a person types, the API before it answers, and the Operation again in
 * its transaction: one rule for the three.
 */
export type WantedInstance = { name: string; description?: string | undefined; version: string; spec: InstanceSpec }

export type Offer = { environment: Environment; catalogue: VersionCatalogue }

/** Everything wrong with it, each with its field. Empty: nothing. */
export function instanceProblems(wanted: WantedInstance, { environment, catalogue }: Offer): FieldProblem[] {
  return [
    ...fieldProblem('name', instanceNameProblem(wanted.name)),
    ...fieldProblem('description', descriptionProblem(wanted.description ?? '')),
    ...fieldProblem('version', whyNotRun(wanted.version, catalogue) ?? undefined),
    ...fieldProblem('spec.reservedAku', akuProblem(wanted.spec.reservedAku)),
    ...networkProblems(wanted.spec.networks, environment.subnets),
  ]
}

const fieldProblem = (path: string, message: string | undefined): FieldProblem[] => (message ? [{ path, message }] : [])

export function akuProblem(aku: number): string | undefined {
  const { least, most } = akuLimits
  const isRight = Number.isInteger(aku) && aku >= least && aku <= most
  return isRight ? undefined : `AKU is a whole number from ${least} to ${most}; this is ${aku}.`
}

/** Throws `invalid` with every field's problem; the message is the first. */
export function refuseProblems(problems: FieldProblem[]): void {
  const first = problems[0]
  if (first) throw new AppError('invalid', 'Instance.Invalid', first.message, { detail: first.path, fields: problems })
}

export type Sizing = { machineType: MachineType; nodeCount: number; memoryMiB: number }

/** Nodes and memory for so many AKU on the environment's machine type. */
export function sizingFor(aku: number, environment: Environment): Sizing {
  const machineType = environment.machineTypes[0]
  if (!machineType) throw new AppError('bug', 'Environment.NoMachineType', 'This environment offers no machine type.')
  const nodeCount = nodesForAku(aku, machineType.akuPerNode)
  return { machineType, nodeCount, memoryMiB: nodeCount * machineType.memoryMiB }
}

/** Throws `limit` (`Instance.NotEnoughMemory`) when the nodes that stand and the new ones do not fit together. */
export function refuseWithoutMemory(sizing: Sizing, standingNodes: number, environment: Environment): void {
  if (environment.memoryMiB === null) return
  const free = Math.max(0, environment.memoryMiB - standingNodes * sizing.machineType.memoryMiB)
  if (sizing.memoryMiB <= free) return
  throw new AppError(
    'limit',
    'Instance.NotEnoughMemory',
    `${sizing.nodeCount} nodes take ${sizing.memoryMiB} MiB of memory, and ${free} of ${environment.memoryMiB} MiB are free for nodes here. Choose a smaller AKU, or delete an Instance.`,
    {
      fields: [{ path: 'spec.reservedAku', message: `Needs ${sizing.memoryMiB} MiB of memory; ${free} MiB are free.` }],
    },
  )
}
