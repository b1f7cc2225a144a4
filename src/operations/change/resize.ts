import { sizeOf } from '../../domain/capacity.ts'
import { kafkaUuidFrom, nodeIdFrom } from '../../domain/id.ts'
import type { Instance, InstanceTarget } from '../../domain/instance.ts'
import { refuseWithoutMemory, sizingFor, type Offer } from '../../domain/instance-rules.ts'
import type { Node } from '../../domain/node.ts'
import { leaversOf, placementOfMore, type PlacedNode } from '../../domain/placement.ts'
import { listenerPorts } from '../../domain/security.ts'
import type { Db } from '../../store/database.ts'
import { countNodesBySubnet, listTakenSlots } from '../../store/nodes.ts'

/**
 * Which nodes come and which go for a new size. AKU that need no other number of nodes touch none, and a change of something
 * else neither, though by today's machine type the Instance might need other nodes.
 */
export type Resize = { join: PlacedNode[]; leave: Node[] }

export type ResizeQuestion = { instance: Instance; nodes: Node[]; target: InstanceTarget; offer: Offer }

/** Reads only: also what a dry run shows. Throws `limit` when there is no room here for the nodes that would come. */
export async function resizeFor(db: Db, { instance, nodes, target, offer }: ResizeQuestion): Promise<Resize> {
  const { environment } = offer
  const sizing = sizingFor(target.spec, environment)
  const more = sizeOf(target.spec) === sizeOf(instance.spec) ? 0 : sizing.nodeCount - nodes.length
  if (more <= 0) return { join: [], leave: leaversOf(nodes, -more) }

  const standing = await countNodesBySubnet(db, instance.environmentId)
  const others = [...standing.values()].reduce((sum, count) => sum + count, 0) - nodes.length
  refuseWithoutMemory(sizing, others, environment)
  const subnets = [...new Set(nodes.map(({ subnet }) => subnet))]
  const taken = await listTakenSlots(db, instance.environmentId, subnets)
  const join = placementOfMore({
    count: more,
    standing: nodes,
    highestId: Math.max(...nodes.map(({ kafkaId }) => kafkaId)),
    networks: instance.spec.networks,
    subnets: environment.subnets,
    taken: new Set([...taken, ...environment.takenElsewhere]),
  })
  return { join, leave: [] }
}

type Birthplace = { instance: Instance; standing: Node[]; version: string; random(bytes: number): Uint8Array }

export const rowsFor = (placed: PlacedNode[], { instance, standing, version, random }: Birthplace): Node[] =>
  placed.map((node) => ({
    ...node,
    id: nodeIdFrom(random(16)),
    instanceId: instance.id,
    environmentId: instance.environmentId,
    directoryId: kafkaUuidFrom(random(16)),
    // Nodes talk to each other as those do that are there, whatever clients are asked for today.
    internalPort: standing.some(({ internalPort }) => internalPort !== null) ? listenerPorts(node).internal : null,
    version: null,
    targetVersion: version,
    intent: 'join',
    health: 'planned',
    healthReason: null,
    usage: null,
    silentSince: null,
    drift: null,
    observedAt: null,
  }))
