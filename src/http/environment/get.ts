import { z } from '@hono/zod-openapi'
import type { MachineType } from '../../domain/environment.ts'
import { readEnvironment, type SubnetUse } from '../../services/environment/read-environment.ts'
import { defineRoute } from '../route.ts'

const SubnetShape = z.object({
  id: z.string(),
  range: z.string(),
  used: z.number().int(),
  free: z.number().int(),
  capacity: z.number().int(),
})

const EnvironmentShape = z
  .object({
    environmentId: z.string(),
    provider: z.string(),
    zones: z.array(z.object({ id: z.string(), subnets: z.array(SubnetShape) })),
    machineTypes: z.array(
      z.object({ id: z.string(), akuPerNode: z.number(), memoryMiB: z.number(), description: z.string() }),
    ),
    limits: z.object({
      leastAku: z.number().int(),
      mostAku: z.number().int(),
      mostNodesNow: z.number().int().nullable(),
      memoryMiB: z.number().nullable(),
      memoryUsedMiB: z.number(),
    }),
    millraceVersion: z.string(),
  })
  .openapi('Environment')

export const getEnvironmentRoute = defineRoute({
  method: 'get',
  path: '/environment',
  summary: 'Zones, subnets with used and free addresses, machine types and limits',
  permission: 'environment:read',
  answers: { 200: EnvironmentShape },

  async handle({ world, caller }) {
    const { environment, subnets, limits } = await readEnvironment(world, caller.scope.only)
    const zones = environment.zones.map(({ id }) => ({
      id,
      subnets: subnets.filter(({ zone }) => zone === id).map(subnetView),
    }))
    const machineTypes = environment.machineTypes.map(machineTypeView)
    const { environmentId, providerKind: provider, version: millraceVersion } = world
    return { status: 200, body: { environmentId, provider, zones, machineTypes, limits, millraceVersion } }
  },
})

const subnetView = ({ id, range, used, free, capacity }: SubnetUse) => ({ id, range, used, free, capacity })

const machineTypeView = ({ id, akuPerNode, memoryMiB, description }: MachineType) => {
  return { id, akuPerNode, memoryMiB, description }
}
