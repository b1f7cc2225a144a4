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

/** At most so many are looked at in a round; a bigger fleet is gone through more slowly. */
const sliceSize = 100

export type FleetSlicing = {
  states: InstanceState[]
  /** From round to round. */
  everySeconds: number
  /** From one look at an Instance to the next, in a fleet that is not too big. */
  lookEverySeconds: number
}

/**
 * The part of the fleet whose turn it is: the work of the looks is spread over the rounds, and what one round costs does not grow
 * with the fleet. Parts follow each other from turn to turn, so that nobody is missed.
 */
export async function fleetSlice<W>(
  { db, environmentId }: Round<W>,
  turn: number,
  { states, everySeconds, lookEverySeconds }: FleetSlicing,
): Promise<Watched[]> {
  const size = await countInstancesInState(db, environmentId, states)
  const count = Math.max(Math.ceil(lookEverySeconds / everySeconds), Math.ceil(size / sliceSize))
  const slice = { index: turn % count, count }
  const instances = await listInstancesInState(db, environmentId, { states, slice })
  const ids = instances.map(({ id }) => id)
  const nodes = Map.groupBy(await listNodesOf(db, ids), (node) => node.instanceId)
  const everyMs = everySeconds * 1000 * count
  return instances.map((instance) => ({ id: instance.id, instance, nodes: nodes.get(instance.id) ?? [], everyMs }))
}
