import { AppError } from '../domain/errors.ts'
import { driftOf, instanceHealth, nodeHealth, type InstanceJudgement } from '../domain/health.ts'
import type { Instance } from '../domain/instance.ts'
import type { Node } from '../domain/node.ts'
import type { Observation } from '../domain/observation.ts'
import { isStanding, type Operation } from '../domain/operation.ts'
import type { Round } from '../engine/define-reconciler.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { expectedOf, membersOf, nodeSpecFor } from '../operations/node-spec.ts'
import type { World } from '../operations/world.ts'
import type { NodeSighting } from '../providers/provider.ts'
import type { SeenNode } from '../store/observations.ts'
import type { Watched } from './fleet-slice.ts'

/** An Instance with the Operation that was open when the round began; that of a Running one changes nothing here. */
export type Observed = Watched & { operation: Operation | undefined }

/** One look at the nodes of an Instance, as they are now. Writes nothing. */
export type Sight = { nodes: SeenNode[]; members: Node[]; observation: Observation; observedAt: Date }

export async function lookAtNodes({ world, now }: Round<World>, watched: Watched): Promise<Sight> {
  const sightings = await world.provider.inspectNodes(watched.id)
  const members = membersOf(watched.nodes, sightings)
  const observation = await world.clusters.observe(members.map(endpointOf))
  const observedAt = now()
  const nodes = members.map((node) => seenNode(node, { watched, sightings, observation, observedAt }))
  return { nodes, members, observation, observedAt }
}

/** The judgement on the whole, with a test record where one is due. */
export type Look = InstanceJudgement & { canaryProblem: string | null; observedAt: Date }

export async function judgeService(round: Round<World>, watched: Observed, sight: Sight): Promise<Look> {
  const { observation, members, observedAt } = sight
  const leaving = watched.nodes.filter(({ intent }) => intent === 'stop').map(({ kafkaId }) => kafkaId)
  const expected = { ...expectedOf(members), leaving }
  const bare = instanceHealth(observation, expected)
  const isDue = bare.health === 'down' ? isQuorumUnseen(observation) : isCanaryTurn(watched, observedAt)
  const canary = isDue
    ? { problem: await askCanary(round, members, observation) }
    : { problem: isAtWork(watched) ? null : watched.instance.canaryProblem, isOld: true }
  return { ...instanceHealth(observation, expected, canary), canaryProblem: canary.problem, observedAt }
}

/** Brokers that answer may not be able to ask a hung controller, though all goes on: then a record tells. */
const isQuorumUnseen = ({ views, quorum }: Observation): boolean => !quorum && views.some(({ sees }) => sees)

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
 * has its turn at every look.
 */
function isCanaryTurn(watched: Observed, now: Date): boolean {
  const { id, instance, everyMs } = watched
  if (isAtWork(watched)) return false
  if (instance.canaryProblem !== null) return true
  const shifted = now.getTime() + (Number.parseInt(id.slice(-4), 36) % 60) * 1000
  return Math.floor(shifted / canaryEveryMs) !== Math.floor((shifted - everyMs) / canaryEveryMs)
}

/**
 * A change is at work: it sends records of its own, and what was said of the nodes before it holds no more. Not while it stands, or
 * watches a new version for as long as somebody wants.
 */
const isAtWork = ({ instance, operation }: Observed): boolean =>
  instance.state === 'Changing' && !(operation && (isStanding(operation) || operation.step === 'soak'))

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
