import type { InstanceId } from '../domain/id.ts'
import type { InstanceState } from '../domain/instance.ts'
import type { Node, NodeUsage } from '../domain/node.ts'
import { defineReconciler, type Round } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { listOpenOperations } from '../store/operations.ts'
import { recordInstancesLooked, recordNodesSeen, type SeenNode } from '../store/observations.ts'
import { fleetSlice, type Watched } from './fleet-slice.ts'
import { healAtOnce } from './heal-nodes.ts'
import { judgeService, lookAtNodes, type Look, type Observed } from './look-at-instance.ts'
import { mayMoveState, tellService } from './tell-service.ts'

const everySeconds = 1
const lookEverySeconds = 3

/** What was seen and is no news for anybody who waits: written down with what was seen of others. */
type Quiet = { nodes: SeenNode[]; looked: { id: InstanceId; observedAt: Date } | undefined }

/**
 * Looks at every Instance that should serve and writes down what it sees: each node's process and answer, and the judgement
 * on the whole. Pages read these rows. Writes only what differs, so a quiet fleet costs reads alone. A node that has just
 * stopped begins to be healed at once.
 */
export const observeInstances = defineReconciler<World, Observed, Quiet>({
  name: 'observe-instances',
  everySeconds,
  limitSeconds: 10,

  async subjects(round, turn) {
    const slicing = { states, everySeconds, lookEverySeconds }
    return await withOperations(round, await fleetSlice(round, turn, slicing))
  },

  async reconcile(round, watched) {
    const { instance, nodes } = watched
    const sight = await lookAtNodes(round, watched)
    let news = sight.nodes.filter((seen) => nodes.some((node) => node.id === seen.id && isNews(node, seen)))
    if (news.some(({ health }) => health === 'stopped')) {
      await recordNodesSeen(round.db, news)
      news = []
      await healAtOnce(round, instance.id)
    }
    const look = await judgeService(round, watched, sight)
    if (isNewService(watched, look)) {
      // Whoever hears of the change finds the nodes as they were seen.
      await recordNodesSeen(round.db, news)
      await tellService(round, instance, look)
      return undefined
    }
    const { observedAt } = sight
    const isOld = !instance.observedAt || observedAt.getTime() - instance.observedAt.getTime() > refreshAfterMs
    if (news.length === 0 && !isOld) return undefined
    return { nodes: news, looked: isOld ? { id: instance.id, observedAt } : undefined }
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

const states: InstanceState[] = ['Running', 'Changing', 'Error']

/** Of Running ones nobody asks: a quiet fleet costs no query more. */
async function withOperations({ db }: Round<World>, watched: Watched[]): Promise<Observed[]> {
  const owned = watched.filter(({ instance }) => instance.state !== 'Running').map(({ id }) => id)
  const operations = new Map((await listOpenOperations(db, owned)).map((one) => [one.instanceId, one]))
  return watched.map((one) => ({ ...one, operation: operations.get(one.id) }))
}

const isNewService = ({ instance, operation }: Observed, look: Look): boolean =>
  instance.health !== look.health ||
  instance.healthReason !== look.reason ||
  instance.canaryProblem !== look.canaryProblem ||
  mayMoveState({ instance, operation }, look)

const mib = 2 ** 20
const rounded = (usage: NodeUsage | null) =>
  usage &&
  [Math.round(usage.memoryBytes / (8 * mib)), Math.round(usage.diskBytes / mib), usage.startedAt.getTime()].join()

const isNews = (node: Node, seen: SeenNode): boolean =>
  node.health !== seen.health ||
  node.healthReason !== seen.healthReason ||
  node.version !== seen.version ||
  node.drift !== seen.drift ||
  node.silentSince?.getTime() !== seen.silentSince?.getTime() ||
  rounded(node.usage) !== rounded(seen.usage)

/** A page says how old its knowledge is; a minute is old enough to say it again. */
const refreshAfterMs = 60_000
