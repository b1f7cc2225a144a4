import { AppError } from '../domain/errors.ts'
import { driftOf, instanceHealth, nodeHealth, type InstanceJudgement } from '../domain/health.ts'
import type { Instance } from '../domain/instance.ts'
import type { Node } from '../domain/node.ts'
import type { Observation } from '../domain/observation.ts'
import type { Round } from '../engine/define-reconciler.ts'
import { endpointOf, expectedOf, nodeSpecFor } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import type { NodeSighting } from '../providers/provider.ts'
import type { SeenNode } from '../store/observations.ts'
import type { Watched } from './fleet-slice.ts'

/** One look at an Instance: what is there now of each node, and the judgement on the whole. Writes nothing. */
export type Look = InstanceJudgement & { nodes: SeenNode[]; canaryProblem: string | null; observedAt: Date }

export async function lookAtInstance(round: Round<World>, watched: Watched): Promise<Look> {
  const { provider, clusters } = round.world
  const { instance, nodes } = watched
  const [sightings, observation] = await Promise.all([
    provider.inspectNodes(instance.id),
    clusters.observe(nodes.map(endpointOf)),
  ])
  const observedAt = round.now()
  const seen = nodes.map((node) => seenNode(node, { watched, sightings, observation, observedAt }))
  const bare = instanceHealth(observation, expectedOf(nodes))
  const isCanaryDue = bare.health !== 'down' && isCanaryTurn(watched, observedAt)
  const canaryProblem = isCanaryDue ? await askCanary(round, nodes, observation) : instance.canaryProblem
  const judgement = instanceHealth(observation, expectedOf(nodes), canaryProblem)
  return { ...judgement, nodes: seen, canaryProblem, observedAt }
}

type Seeing = { watched: Watched; sightings: NodeSighting[]; observation: Observation; observedAt: Date }

function seenNode(node: Node, { watched, sightings, observation, observedAt }: Seeing): SeenNode {
  const sighting = sightings.find(({ kafkaId }) => kafkaId === node.kafkaId)
  const usage = sighting?.usage ?? null
  const before = { health: node.health, startedAt: node.usage?.startedAt ?? null, silentSince: node.silentSince }
  const evidence = sighting && { ...sighting, startedAt: usage?.startedAt ?? null }
  const { health, reason, silentSince } = nodeHealth(evidence, observation, { before, now: observedAt })
  const version = sighting?.version ?? node.version
  const drift = canDrift(watched.instance) && sighting?.process === 'running' ? driftIn(node, sighting, watched) : null
  return { id: node.id, version, health, healthReason: reason, usage, silentSince, drift, observedAt }
}

/** While a change is under way, or failed half-way, its nodes differ because it made them so. */
const canDrift = ({ state, before }: Instance): boolean => before === null && (state === 'Running' || state === 'Error')

const driftIn = (node: Node, { spec }: NodeSighting, { instance, nodes }: Watched): string | null =>
  driftOf(spec, nodeSpecFor(node, { instance, nodes, heapMiB: 0 }))

const canaryEveryMs = 60_000

/**
 * A test record is dear. Each Instance has its second of the minute, which follows from its id; one whose last record was lost
 * has its turn at every look. Who changes an Instance sends records of its own.
 */
function isCanaryTurn({ id, instance, everyMs }: Watched, now: Date): boolean {
  if (instance.state === 'Changing') return false
  if (instance.canaryProblem !== null) return true
  const shifted = now.getTime() + (Number.parseInt(id.slice(-4), 36) % 60) * 1000
  return Math.floor(shifted / canaryEveryMs) !== Math.floor((shifted - everyMs) / canaryEveryMs)
}

/** Why no record came back from the nodes that answer; null: one did from each. */
async function askCanary({ world }: Round<World>, nodes: Node[], { views }: Observation): Promise<string | null> {
  const answering = nodes.filter((node) => views.some(({ kafkaId, sees }) => kafkaId === node.kafkaId && sees))
  try {
    await world.clusters.canary(answering.map(endpointOf))
    return null
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.kind === 'unavailable') return thrown.message.replace(/\.$/, '')
    throw thrown
  }
}
