import { isDeepStrictEqual } from 'node:util'
import { defineReconciler } from '../engine/define-reconciler.ts'
import { endpointOf } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import { recordStatistics, type Measured } from '../store/observations.ts'
import { fleetSlice, type Watched } from './fleet-slice.ts'

const everySeconds = 5
const lookEverySeconds = 15

/** Counts topics, partitions, groups and bytes of every Running Instance for its page. Dearer than health, so less often. */
export const measureInstances = defineReconciler<World, Watched, Measured>({
  name: 'measure-instances',
  everySeconds,
  limitSeconds: 10,

  async subjects(round, turn) {
    const watched = await fleetSlice(round, turn, { states: ['Running', 'Changing'], everySeconds, lookEverySeconds })
    return watched.filter(({ instance }) => instance.health !== 'down')
  },

  async reconcile({ world }, { instance, nodes }) {
    const running = nodes.filter((node) => node.health === 'running')
    if (running.length === 0) return undefined
    const statistics = await world.clusters.statistics(running.map(endpointOf))
    return isDeepStrictEqual(statistics, instance.statistics) ? undefined : { id: instance.id, statistics }
  },

  record: ({ db }, measured) => recordStatistics(db, measured),
})
