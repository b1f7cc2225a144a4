import type { InstanceId } from '../domain/id.ts'
import type { Instance, InstanceState } from '../domain/instance.ts'
import type { Node } from '../domain/node.ts'
import type { Round } from '../engine/define-reconciler.ts'
import { countInstancesInState, listInstancesInState } from '../store/instances.ts'
import { listNodesOf } from '../store/nodes.ts'

/** An Instance with its nodes, as the standing duties look at them. */
export type Watched = {
  id: InstanceId
  instance: Instance
  nodes: Node[]
  /** It is looked at once in so long. */
  everyMs: number
}

/** So many are looked at in a round; a bigger fleet is gone through in as many rounds as it takes. */
const sliceSize = 300

/**
 * The part of the fleet whose turn it is. What a round costs does not grow with the fleet, and which part is due follows from
 * the clock alone, so that processes that take turns miss nobody.
 */
export async function fleetSlice<W>(
  { db, environmentId, now }: Round<W>,
  { states, everySeconds }: { states: InstanceState[]; everySeconds: number },
): Promise<Watched[]> {
  const count = Math.max(1, Math.ceil((await countInstancesInState(db, environmentId, states)) / sliceSize))
  const index = Math.floor(now().getTime() / (everySeconds * 1000)) % count
  const instances = await listInstancesInState(db, environmentId, { states, slice: { index, count } })
  const nodes = Map.groupBy(
    await listNodesOf(
      db,
      instances.map(({ id }) => id),
    ),
    (node) => node.instanceId,
  )
  const everyMs = everySeconds * 1000 * count
  return instances.map((instance) => ({ id: instance.id, instance, nodes: nodes.get(instance.id) ?? [], everyMs }))
}
