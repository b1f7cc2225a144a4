import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { upgradeTargets } from '../../domain/version.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'

const TargetShape = z
  .object({
    version: z.string(),
    allowed: z.boolean(),
    why: z.string().nullable(),
    recommended: z.boolean(),
    endOfLife: z.boolean(),
  })
  .openapi('UpgradeTarget')

export const upgradeTargetsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/upgrade-targets',
  summary: 'List the versions an Instance may be upgraded to, and why not to the others',
  permission: 'instance:read',
  answers: { 200: listOf(TargetShape) },

  async handle({ world, params }) {
    const { instance } = await readInstance(world, params.instanceId as InstanceId)
    return { status: 200, body: wholeView(upgradeTargets(instance.version, world.catalogue)) }
  },
})
