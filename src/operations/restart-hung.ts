import { z } from 'zod'
import { instanceHealth } from '../domain/health.ts'
import type { Node } from '../domain/node.ts'
import type { Observation } from '../domain/observation.ts'
import { mayStop, silentOf } from '../domain/may-stop.ts'
import { wait, type Outcome } from '../engine/outcome.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import type { NodeSighting } from '../providers/provider.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import { expectedOf } from './node-spec.ts'
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

/** Whose end was begun, and when. */
type Ending = { kafkaIds: number[]; since: number }

const endingOf = (op: Op): Ending | null => (op.notes.ending as Ending | null | undefined) ?? null

/** A process that hangs hands nothing over; it is asked all the same, for it may only be slow. */
const graceMs = 2_000

/** Of these nodes. What there is to wait for; nothing: none hangs any more, or another is away and comes first. */
export async function endHung(op: Op, nodes: Node[], sightings: NodeSighting[]): Promise<Outcome<never> | undefined> {
  if (endingOf(op)) return await awaitEnd(op, nodes, sightings)

  if (!nodes.some((node) => hangs(op, node))) return undefined
  const observation = await op.world.clusters.observe(nodes.map(endpointOf))
  const isSilent = ({ kafkaId }: Node) => !observation.views.some((view) => view.kafkaId === kafkaId && view.sees)
  const away = nodes.filter((node) => !lives(node, sightings))
  const suspects = nodes.filter((node) => hangs(op, node) && !away.includes(node))
  const isAnother = (node: Node) => isYounger(node, sightings, node.silentSince!.getTime())
  const hung = suspects.filter((node) => isSilent(node) && !isAnother(node))
  for (const node of suspects)
    if (!hung.includes(node)) await forgive(op, node, isSilent(node) ? 'starting' : 'running')
  if (hung.length === 0 || away.length > 0) return undefined

  const isDown = await isStillDown(op, observation, nodes)
  const why = isDown ? null : await whyNotNow(op, { nodes, hung, observation })
  if (why) return wait(1, why)
  const chosen = isDown ? hung : hung.slice(0, 1)
  await endThem(op, chosen)
  op.remember({
    ending: { kafkaIds: chosen.map(({ kafkaId }) => kafkaId), since: op.now().getTime() } satisfies Ending,
  })
  return wait(0.3, `${listOf(chosen)} does not answer and is being ended, to be started again.`)
}

const lives = ({ kafkaId }: Node, sightings: NodeSighting[]) =>
  sightings.some((sighting) => sighting.kafkaId === kafkaId && sighting.process === 'running')

const listOf = (nodes: Node[]) => `Node ${nodes.map(({ kafkaId }) => kafkaId).join(', ')}`

/** The process was started after this: what was seen then was another's doing. */
const isYounger = ({ kafkaId }: Node, sightings: NodeSighting[], sinceMs: number): boolean => {
  const startedAt = sightings.find((sighting) => sighting.kafkaId === kafkaId)?.usage?.startedAt
  return !!startedAt && startedAt.getTime() > sinceMs
}

/** What the row holds against it is over. */
const forgive = (op: Op, node: Node, health: 'starting' | 'running'): Promise<void> => {
  const seen = { version: node.version, usage: node.usage, health, healthReason: null, observedAt: op.now() }
  return op.write((tx) => updateNodeSeen(tx, node, seen))
}

/** The standing look knows of test records, this one is fresh: only both say that nothing can be lost any more. */
async function isStillDown(op: Op, observation: Observation, nodes: Node[]): Promise<boolean> {
  if (instanceHealth(observation, expectedOf(nodes)).health !== 'down') return false
  return (await getInstance(op.db, op.instanceId)).health === 'down'
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
async function awaitEnd(op: Op, nodes: Node[], sightings: NodeSighting[]): Promise<Outcome<never> | undefined> {
  const { kafkaIds, since } = endingOf(op)!
  const ending = nodes.filter((node) => kafkaIds.includes(node.kafkaId) && !isYounger(node, sightings, since))
  const living = ending.filter((node) => lives(node, sightings))
  if (living.length > 0) {
    await endThem(op, living)
    return wait(0.3, `${listOf(living)} does not answer and is being ended, to be started again.`)
  }
  const seen = { usage: null, health: 'stopped', healthReason: 'It did not answer, and was ended.' } as const
  await op.write(async (tx) => {
    for (const node of ending) await updateNodeSeen(tx, node, { ...seen, version: node.version, observedAt: op.now() })
  })
  op.remember({ ending: null })
  return undefined
}
