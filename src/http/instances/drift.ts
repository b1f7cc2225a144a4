import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { findDrift, type Drift } from '../../operations/change/find-drift.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import { defineRoute } from '../route.ts'
import { DriftItemShape, driftItemView } from '../views/drift.ts'
import { listOf, wholeView } from '../views/shapes.ts'
import type { HttpWorld } from '../world.ts'

const DriftShape = listOf(DriftItemShape).extend({
  unknown: z.string().nullable().openapi({ description: 'Why not everything could be looked at; null: it could.' }),
})

export const getDriftRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/drift',
  summary: 'Where processes and cluster are not what the Instance says, looked at now',
  permission: 'instance:read',
  answers: { 200: DriftShape },

  async handle({ world, params }) {
    const { items, unknown } = await driftNow(world, params.instanceId as InstanceId)
    return { status: 200, body: { ...wholeView(items.map(driftItemView)), unknown } }
  },
})

export async function driftNow(world: HttpWorld, id: InstanceId): Promise<Drift> {
  const { instance } = await readInstance(world, id)
  return await findDrift(world, { instance, nodes: await readNodes(world, id) })
}
