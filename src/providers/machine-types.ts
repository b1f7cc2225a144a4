import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { MachineType } from '../domain/environment.ts'

const count = z.number().int().positive()

const MachineTypes: z.ZodType<{ machineTypes: MachineType[] }> = z.strictObject({
  machineTypes: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z]+\.[a-z0-9-]+$/),
      akuPerNode: count,
      memoryMiB: count,
      heapMiB: count,
      description: z.string(),
    }),
  ),
})

/** The rows of a file such as `machine-types.json` that belong to one kind of provider: the part of the id before the dot. */
export function readMachineTypes(path: string | URL, providerKind: string): MachineType[] {
  const { machineTypes } = MachineTypes.parse(JSON.parse(readFileSync(path, 'utf8')))
  return machineTypes.filter(({ id }) => id.startsWith(`${providerKind}.`))
}
