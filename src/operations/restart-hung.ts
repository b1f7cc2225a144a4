import { z } from 'zod'
import type { Node } from '../domain/node.ts'
import type { Observation } from '../domain/observation.ts'
import { mayStop, silentOf } from '../domain/may-stop.ts'
import { next, wait, type Outcome } from '../engine/outcome.ts'
import type { NodeSighting } from '../providers/provider.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import { endpointOf, expectedOf } from './node-spec.ts'
import type { Op } from './world.ts'

/**
 * Ends a node whose process lives and answers nobody, so that it can be started again. One at a time, none while another is
 * away, and none that partitions or the quorum still count on by the law of `domain/rolling.ts`; unless the Instance is down
 * anyway.
 */

/** `hungAfterMs`: a node that should answer and has not for so long hangs. */
export const HealInput = z.object({ hungAfterMs: z.number().positive().optional() })

export const usualHungAfterMs = 20_000

/** By the rows, which the standing look keeps: the nodes that hang and may be ended now. */
export async function hungNow(op: Op): Promise<Node[]> {
  const [instance, nodes] = [await getInstance(op.db, op.instanceId), await listNodes(op.db, op.instanceId)]
  const hung = nodes.filter((node) => hangs(op, node))
  const isAnotherAway = nodes.some((node) => !hung.includes(node) && node.health !== 'running')
  return isAnotherAway && instance.health !== 'down' ? [] : hung
}

function hangs(op: Op, { health, silentSince }: Node): boolean {
  const { hungAfterMs = usualHungAfterMs } = HealInput.parse(op.operation.input)
  return health === 'unreachable' && !!silentSince && op.now().getTime() - silentSince.getTime() >= hungAfterMs
}

type Here = 'ensure-nodes'

/** A process that hangs hands nothing over; it is asked all the same, for it may only be slow. */
const graceMs = 2_000

export async function restartHung(op: Op): Promise<Outcome<Here>> {
  const nodes = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const ending = nodes.filter(({ kafkaId }) => (op.notes.ending as number[] | undefined)?.includes(kafkaId))
  if (ending.length > 0) return await awaitEnd(op, ending, sightings)

  const observation = await op.world.clusters.observe(nodes.map(endpointOf))
  const isSilent = ({ kafkaId }: Node) => !observation.views.some((view) => view.kafkaId === kafkaId && view.sees)
  const away = nodes.filter((node) => !lives(node, sightings))
  const suspects = nodes.filter((node) => hangs(op, node) && !away.includes(node))
  const hung = suspects.filter((node) => isSilent(node) && !isYounger(node, sightings))
  for (const node of suspects)
    if (!hung.includes(node)) await forgive(op, node, isSilent(node) ? 'starting' : 'running')
  if (hung.length === 0 || away.length > 0) return next('ensure-nodes')

  const isDown = (await getInstance(op.db, op.instanceId)).health === 'down'
  const why = isDown ? null : await whyNotNow(op, { nodes, hung, observation })
  if (why) return wait(1, why)
  const chosen = isDown ? hung : hung.slice(0, 1)
  await endThem(op, chosen)
  op.remember({ ending: chosen.map(({ kafkaId }) => kafkaId) })
  return wait(0.3, `${listOf(chosen)} does not answer and is being ended, to be started again.`)
}

const lives = ({ kafkaId }: Node, sightings: NodeSighting[]) =>
  sightings.some((sighting) => sighting.kafkaId === kafkaId && sighting.process === 'running')

const listOf = (nodes: Node[]) => `Node ${nodes.map(({ kafkaId }) => kafkaId).join(', ')}`

/** The process was started after the silence was seen: that was another's. */
const isYounger = ({ kafkaId, silentSince }: Node, sightings: NodeSighting[]): boolean => {
  const startedAt = sightings.find((sighting) => sighting.kafkaId === kafkaId)?.usage?.startedAt
  return !!startedAt && !!silentSince && startedAt > silentSince
}

/** What the row holds against it is over. */
const forgive = (op: Op, node: Node, health: 'starting' | 'running'): Promise<void> => {
  const seen = { version: node.version, usage: node.usage, health, healthReason: null, observedAt: op.now() }
  return op.write((tx) => updateNodeSeen(tx, node, seen))
}

type Scene = { nodes: Node[]; hung: Node[]; observation: Observation }

async function whyNotNow(op: Op, { nodes, hung, observation }: Scene): Promise<string | null> {
  const silent = silentOf(observation)
  const starting = nodes.filter((node) => silent.includes(node.kafkaId) && !hung.includes(node))
  if (starting.length > 0) return `${listOf(hung)} does not answer. It is restarted when ${listOf(starting)} is back.`
  const answering = nodes.filter(({ kafkaId }) => !silent.includes(kafkaId))
  const minInSync = await op.world.clusters.minInSync(answering.map(endpointOf))
  const { why } = mayStop({ observation, minInSync, expected: expectedOf(nodes) }, [hung[0]!.kafkaId])
  return why && `${listOf(hung.slice(0, 1))} does not answer. It is not ended yet: ${why}.`
}

async function endThem(op: Op, nodes: Node[]): Promise<void> {
  const { provider } = op.world
  const stop = { ...op.fence, mostGraceMs: graceMs }
  await Promise.all(nodes.map(({ kafkaId }) => provider.stopNode(op.instanceId, kafkaId, stop)))
}

/** When the process is gone, the row says so, lest the old one's silence be held against the new. */
async function awaitEnd(op: Op, ending: Node[], sightings: NodeSighting[]): Promise<Outcome<Here>> {
  const living = ending.filter((node) => lives(node, sightings))
  if (living.length > 0) {
    await endThem(op, living)
    return wait(0.3, `${listOf(living)} does not answer and is being ended, to be started again.`)
  }
  const seen = { usage: null, health: 'stopped', healthReason: 'It did not answer, and was ended.' } as const
  await op.write(async (tx) => {
    for (const node of ending) await updateNodeSeen(tx, node, { ...seen, version: node.version, observedAt: op.now() })
  })
  op.remember({ ending: [] })
  return next('ensure-nodes')
}
