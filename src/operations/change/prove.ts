import { CanaryFailure, type CanaryTally } from '../../domain/canary.ts'
import { AppError } from '../../domain/errors.ts'
import type { Node } from '../../domain/node.ts'
import { isEncrypted, type ClientListener, type NodeListeners } from '../../domain/security.ts'
import type { BrokerEndpoint, CanaryProof } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { Op } from '../world.ts'
import { inputOf, isTurnedBack, sightingOf, specOf, type Scene } from './scene.ts'

/**
 * The Instance serves: a record goes to every broker and comes back, and every listener of `nodes` answers clients. Where a client
 * needs no name, the records go through that listener.
 */
export type Proof = { why: null; canary: CanaryProof } | { why: string; canary: CanaryTally }

export async function prove(op: Op, scene: Scene, nodes: Node[]): Promise<Proof> {
  const { clusters } = op.world
  const opened = new Map(nodes.map((node) => [node.kafkaId, listenersOf(scene, node)]))
  const through = scene.members.map((node) => doorOf(node, opened.get(node.kafkaId)))
  const closed = nodes.flatMap((node) =>
    (opened.get(node.kafkaId)?.listeners ?? []).map((listener) => clusters.askListener(endpointOf(node), listener)),
  )
  try {
    const [canary] = await Promise.all([clusters.canary(through), ...closed])
    op.remember({ provedAtMs: op.now().getTime() })
    return { why: null, canary }
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.kind === 'unavailable')) throw thrown
    return { why: thrown.message, canary: thrown instanceof CanaryFailure ? thrown.tally : { sent: 0, readBack: 0 } }
  }
}

/** So soon after the last proof a look needs none of its own. */
const freshMs = 10_000

/** Why it does not serve; null: it does, or did a moment ago. */
export async function whyNotServing(op: Op, scene: Scene, nodes: Node[]): Promise<string | null> {
  const isFresh = op.now().getTime() - Number(op.notes.provedAtMs ?? 0) < freshMs
  return isFresh ? null : (await prove(op, scene, nodes)).why
}

/** The same before a node stops. On the way back, and where a person asked for a restart, the stop may be what mends it. */
export const whyNotBegin = async (op: Op, scene: Scene): Promise<string | null> =>
  isTurnedBack(op) || inputOf(op).wish.restart !== undefined ? null : await whyNotServing(op, scene, [])

/** As the node runs: one that still has others is asked when it has been restarted. */
function listenersOf(scene: Scene, node: Node): NodeListeners | undefined {
  const { security } = specOf(scene, node)
  return sightingOf(scene, node.kafkaId)?.spec?.security?.mark === security?.mark ? security : undefined
}

/** Where the canary comes in at this node. */
function doorOf(node: Node, opened: NodeListeners | undefined): BrokerEndpoint {
  const isForAnybody = ({ method }: ClientListener) => method === 'anonymous' && opened?.isAuthorized === false
  const door = opened?.listeners.find(isForAnybody)
  const { kafkaId, address: host } = node
  return door ? { kafkaId, host, port: door.port, ...(isEncrypted(door) && { isEncrypted: true }) } : endpointOf(node)
}
