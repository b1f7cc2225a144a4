import { isDeepStrictEqual } from 'node:util'
import { defineReconciler } from '../engine/define-reconciler.ts'
import { endpointOf } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import { updateInstanceStatistics } from '../store/instances.ts'
import { fleetSlice, type Watched } from './fleet-slice.ts'

const everySeconds = 15

/** Counts topics, partitions, groups and bytes of every Running Instance for its page. Dearer than health, so less often. */
export const measureInstances = defineReconciler<World, Watched>({
  name: 'measure-instances',
  everySeconds,
  limitSeconds: 10,

  async subjects(round) {
    const watched = await fleetSlice(round, { states: ['Running', 'Changing'], everySeconds })
    return watched.filter(({ instance }) => instance.health !== 'down')
  },

  async reconcile({ db, world }, { instance, nodes }) {
    const running = nodes.filter((node) => node.health === 'running')
    if (running.length === 0) return
    const statistics = await world.clusters.statistics(running.map(endpointOf))
    if (isDeepStrictEqual(statistics, instance.statistics)) return
    await updateInstanceStatistics(db, instance.id, statistics)
  },
})
