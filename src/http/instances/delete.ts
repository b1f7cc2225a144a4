import { z } from '@hono/zod-openapi'
import { refuseUnlessCan } from '../../domain/busy.ts'
import type { InstanceId } from '../../domain/id.ts'
import { titleOf } from '../../engine/define-operation.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { deleteInstance } from '../../operations/delete-instance.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import { expectedSeconds } from '../../services/operations/expected-seconds.ts'
import { defineRoute } from '../route.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { PlannedNodeShape, plannedNodeView } from '../views/node.ts'
import { plannedSteps } from '../views/operation.ts'
import { flag, NamedStep } from '../views/shapes.ts'
import type { Planner } from './plan-for.ts'

const DeletePlan = z
  .object({
    dryRun: z.literal(true),
    action: z.literal('delete'),
    nodes: z.array(PlannedNodeShape),
    topics: z.number().int().optional(),
    storageBytes: z.number().optional(),
    steps: z.array(NamedStep),
    expectedSeconds: z.number().nullable(),
    warnings: z.array(z.string()),
  })
  .openapi('DeletePlan')

/** Deletes an Instance with all its data: answers as soon as the decision is written down, with the Instance in Deleting. */
export const deleteInstanceRoute = defineRoute({
  method: 'delete',
  path: '/instances/{instanceId}',
  summary: 'Delete an Instance and its data, or with dryRun=true answer the plan',
  permission: 'instance:delete',
  mayRepeat: () => true,
  query: z.strictObject({ dryRun: flag.optional() }),
  answers: { 202: InstanceShape, 200: DeletePlan },

  async handle({ world, params, query, caller }) {
    const instanceId = params.instanceId as InstanceId
    if (query.dryRun) return { status: 200, body: await planFor({ world, caller }, instanceId) }
    const { environmentId, random } = world
    const request = { environmentId, instanceId, input: {}, context: {}, actor: caller.actor, now: world.now(), random }
    await world.db.transaction().execute((tx) => startOperation(tx, deleteInstance, request))
    return { status: 202, body: instanceView(world, await readInstance(world, instanceId)) }
  },
})

async function planFor({ world, caller }: Planner, instanceId: InstanceId): Promise<z.input<typeof DeletePlan>> {
  const { instance, operation } = await readInstance(world, instanceId)
  refuseUnlessCan('delete', instance.state, operation)
  const nodes = await readNodes(world, instanceId)
  const { statistics } = instance
  return {
    dryRun: true,
    action: 'delete',
    nodes: nodes.map(plannedNodeView),
    ...(statistics && { topics: statistics.topicCount }),
    ...(statistics?.storageSize !== undefined && { storageBytes: statistics.storageSize }),
    steps: plannedSteps(world.registry.find(deleteInstance.kind)),
    expectedSeconds: await expectedSeconds(world, deleteInstance.kind, caller.scope.only),
    warnings: [
      ...(operation?.outcome === 'active'
        ? [`${titleOf(world.registry.find(operation.kind), operation)} is under way, and is given up.`]
        : []),
      'All records of the Instance are removed. This cannot be undone, and not be cancelled once it has begun.',
    ],
  }
}
