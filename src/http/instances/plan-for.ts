import { refuseUnlessCan } from '../../domain/busy.ts'
import { actionOf, changeKindOf, type ChangeInput } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import { planChange, type ChangePlan } from '../../operations/change/plan.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import type { Caller } from '../caller.ts'
import type { HttpWorld } from '../world.ts'

export type Planner = { world: HttpWorld; caller: Caller }

/**
 * What the change would do, in a time that only the past of Instances tells that the caller may see. Throws as the change itself
 * would, before anything is touched.
 */
export async function planFor({ world, caller }: Planner, id: InstanceId, input: ChangeInput): Promise<ChangePlan> {
  const { instance, operation } = await readInstance(world, id)
  const kind = changeKindOf(instance, input.wish)
  refuseUnlessCan(kind ? actionOf(kind) : 'change', instance.state, operation)
  const offer = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
  const { only } = caller.scope
  const [nodes, sightings] = await Promise.all([readNodes(world, id), world.inspectNodes(id)])
  return await planChange(world.db, world.clusters, { instance, nodes, sightings, input, offer, only })
}
