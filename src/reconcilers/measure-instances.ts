import type { Instance } from '../domain/instance.ts'
import type { Node } from '../domain/node.ts'
import { defineReconciler } from '../engine/define-reconciler.ts'
import { endpointOf } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import { listInstancesInState, updateInstanceStatistics } from '../store/instances.ts'
import { listNodesOf } from '../store/nodes.ts'

/** Counts topics, partitions, groups and bytes of every Running Instance for its page. Dearer than health, so less often. */
type Measured = { id: string; instance: Instance; nodes: Node[] }

export const measureInstances = defineReconciler<World, Measured>({
  name: 'measure-instances',
  everySeconds: 15,
  limitSeconds: 10,

  async subjects({ db, environmentId }) {
    const instances = await listInstancesInState(db, environmentId, ['Running', 'Changing'])
    const nodes = Map.groupBy(
      await listNodesOf(
        db,
        instances.map(({ id }) => id),
      ),
      (node) => node.instanceId,
    )
    return instances
      .filter((instance) => instance.health !== 'down')
      .map((instance) => ({ id: instance.id, instance, nodes: nodes.get(instance.id) ?? [] }))
  },

  async reconcile({ db, world }, { instance, nodes }) {
    const running = nodes.filter((node) => node.health === 'running')
    if (running.length === 0) return
    const statistics = await world.clusters.statistics(running.map(endpointOf))
    if (JSON.stringify(statistics) === JSON.stringify(instance.statistics)) return
    await updateInstanceStatistics(db, instance.id, statistics)
  },
})
