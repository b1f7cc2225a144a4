import { instanceHealth, nodeHealth } from '../domain/health.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Instance } from '../domain/instance.ts'
import type { Node, NodeUsage } from '../domain/node.ts'
import { defineReconciler, type Round } from '../engine/define-reconciler.ts'
import { endpointOf, expectedOf } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import { insertEvent } from '../store/events.ts'
import { findInstance, holdInstance, updateInstanceHealth } from '../store/instances.ts'
import type { NodeSeen } from '../store/nodes.ts'
import { recordInstancesLooked, recordNodesSeen, type SeenNode } from '../store/observations.ts'
import { fleetSlice, type Watched } from './fleet-slice.ts'

const everySeconds = 3

/** What was seen and is no news for anybody who waits: written down with what was seen of others. */
type Sight = { nodes: SeenNode[]; looked: { id: InstanceId; observedAt: Date } | undefined }

/**
 * Looks at every Instance that should serve and writes down what it sees: each node's process and answer, and the judgement
 * on the whole. Pages read these rows. Writes only what differs, so a quiet fleet costs reads alone.
 */
export const observeInstances = defineReconciler<World, Watched, Sight>({
  name: 'observe-instances',
  everySeconds,
  limitSeconds: 10,

  subjects: (round) => fleetSlice(round, { states: ['Running', 'Changing', 'Error'], everySeconds }),

  async reconcile(round, { instance, nodes }) {
    const { provider, clusters } = round.world
    const [sightings, observation] = await Promise.all([
      provider.inspectNodes(instance.id),
      clusters.observe(nodes.map(endpointOf)),
    ])
    const observedAt = round.now()
    const news: SeenNode[] = []
    for (const node of nodes) {
      const sighting = sightings.find(({ kafkaId }) => kafkaId === node.kafkaId)
      const { health, reason } = nodeHealth(sighting, observation)
      const version = sighting?.version ?? node.version
      const seen = { version, health, healthReason: reason, usage: sighting?.usage ?? null, observedAt }
      if (isNews(node, seen)) news.push({ id: node.id, ...seen })
    }
    const judgement = instanceHealth(observation, expectedOf(nodes))
    if (instance.health === judgement.health && instance.healthReason === judgement.reason) {
      const isOld = !instance.observedAt || observedAt.getTime() - instance.observedAt.getTime() > refreshAfterMs
      if (news.length === 0 && !isOld) return undefined
      return { nodes: news, looked: isOld ? { id: instance.id, observedAt } : undefined }
    }
    // Whoever hears of the change finds the nodes as they were seen.
    await recordNodesSeen(round.db, news)
    await tellHealth(round, instance, { ...judgement, observedAt })
    return undefined
  },

  async record({ db }, sights) {
    await recordNodesSeen(
      db,
      sights.flatMap(({ nodes }) => nodes),
    )
    await recordInstancesLooked(
      db,
      sights.flatMap(({ looked }) => looked ?? []),
    )
  },
})

const mib = 2 ** 20
const rounded = (usage: NodeUsage | null) =>
  usage &&
  [Math.round(usage.memoryBytes / (8 * mib)), Math.round(usage.diskBytes / mib), usage.startedAt.getTime()].join()

const isNews = (node: Node, seen: NodeSeen): boolean =>
  node.health !== seen.health ||
  node.healthReason !== seen.healthReason ||
  node.version !== seen.version ||
  rounded(node.usage) !== rounded(seen.usage)

/** A page says how old its knowledge is; a minute is old enough to say it again. */
const refreshAfterMs = 60_000

async function tellHealth(
  { db }: Round<World>,
  { id, environmentId, state }: Instance,
  { health, reason, observedAt }: ReturnType<typeof instanceHealth> & { observedAt: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await holdInstance(tx, id)
    // A change that began while this looked makes of its nodes what it wants: what was seen is no news any more.
    if ((await findInstance(tx, id))?.state !== state) return
    await updateInstanceHealth(tx, id, { health, healthReason: reason, observedAt })
    const message = reason ? `Health: ${health}, ${reason}` : `Health: ${health}`
    await insertEvent(tx, {
      environmentId,
      instanceId: id,
      operationId: null,
      kind: 'instance.health',
      message,
      createdAt: observedAt,
    })
  })
}
