import type { Instance } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import type { MinInSync, Observation } from '../../domain/observation.ts'
import { nothing } from '../../domain/restart-reason.ts'
import { judgeHealth, type Judgement } from '../../domain/rolling.ts'
import { ChangeInput } from '../../domain/change.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { BrokerEndpoint } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { NodeSighting, NodeSpec } from '../../providers/provider.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import { expectedOf, heapOf, membersOf, nodeSpecFor } from '../node-spec.ts'
import { endHung } from '../restart-hung.ts'
import { forgetStarts, startDue, waitForStart } from '../start-due.ts'
import type { Op } from '../world.ts'
import { alterationBy, askedIn, restartsIn } from './restarts.ts'

/** What a step of a change looks at first: the rows, and the nodes as they are now. */
export type Scene = {
  instance: Instance
  nodes: Node[]
  sightings: NodeSighting[]
  heapMiB: number
  /** See `membersOf`. */
  members: Node[]
  endpoints: BrokerEndpoint[]
}

export async function lookAt(op: Op): Promise<Scene> {
  const [instance, nodes, sightings, machineTypes] = await Promise.all([
    getInstance(op.db, op.instanceId),
    listNodes(op.db, op.instanceId),
    op.world.provider.inspectNodes(op.instanceId),
    op.world.provider.machineTypes(),
  ])
  const members = membersOf(nodes, sightings)
  const heapMiB = heapOf(machineTypes)
  return { instance, nodes, sightings, heapMiB, members, endpoints: members.map(endpointOf) }
}

export const sightingOf = (scene: Scene, kafkaId: number): NodeSighting | undefined =>
  scene.sightings.find((sighting) => sighting.kafkaId === kafkaId)

export const isRunning = (scene: Scene, { kafkaId }: Node): boolean => sightingOf(scene, kafkaId)?.process === 'running'

export const specOf = (scene: Scene, node: Node): NodeSpec => nodeSpecFor(node, scene)

/** Those that stay: a node that leaves is not waited for, only what it carries. */
export const expectedIn = ({ members }: Scene) => expectedOf(members.filter(({ intent }) => intent !== 'leave'))

export type Evidence = { observation: Observation; minInSync: MinInSync; expected: ReturnType<typeof expectedOf> }

/** Everything that says whether a node may stop. */
export async function evidenceOf(op: Op, scene: Scene): Promise<Evidence> {
  const observation = await op.world.clusters.observe(scene.endpoints)
  // A cluster that no broker can tell of has no topics to ask for; the judgement says so.
  const minInSync = observation.quorum ? await op.world.clusters.minInSync(scene.endpoints) : new Map<string, number>()
  return { observation, minInSync, expected: expectedIn(scene) }
}

export async function healthOf(op: Op, scene: Scene): Promise<Judgement> {
  return judgeHealth(await op.world.clusters.observe(scene.endpoints), expectedOf(scene.members))
}

export const inputOf = (op: Op): ChangeInput => ChangeInput.parse(op.operation.input)

/** The Operation is on its way back to what the Instance was. */
export const isTurnedBack = (op: Op): boolean => op.notes.turnedBack === true

/** A person keeps it back for now: it runs on as it is. */
export const isHeld = (op: Op, kafkaId: number): boolean =>
  inputOf(op).options.holdNode === kafkaId && op.notes.isHeldFreed !== true && !isTurnedBack(op)

/** Why each member must restart, by Kafka id; nodes that need not are absent. */
export function reasonsToRestart(op: Op, scene: Scene): Map<number, string[]> {
  const { instance, nodes, sightings } = scene
  const { wish } = inputOf(op)
  const about = alterationBy(wish, instance.before ?? instance)
  return restartsIn({
    instance,
    nodes,
    sightings,
    members: scene.members.filter(({ intent }) => intent !== 'leave'),
    // A revert changes nothing of the Instance, and an authority's exchange holds at every move: there is nothing to go back to.
    about: isTurnedBack(op) && (wish.drift?.way === 'revert' || wish.authority) ? () => nothing : about,
    asked: (kafkaId) => whyAsked(op, scene, kafkaId),
  })
}

/** Until its process is younger than the wish. */
function whyAsked(op: Op, scene: Scene, kafkaId: number): string | null {
  const startedAt = sightingOf(scene, kafkaId)?.usage?.startedAt
  const isOlderThan = (at: Date) => startedAt !== undefined && startedAt < at
  // It takes the user's new certificates only at a start, known since then.
  const stubborn = (op.notes.stubborn as Record<string, number> | null | undefined)?.[kafkaId]
  const { createdAt } = op.operation
  const why = isTurnedBack(op) || !isOlderThan(createdAt) ? null : askedIn(inputOf(op).wish, kafkaId)
  return why ?? (stubborn !== undefined && isOlderThan(new Date(stubborn)) ? 'to show its new certificate' : null)
}

/** Made of what is in the rows. A node that is held comes back as it was. */
const asItShouldBe = (op: Op) => (scene: Scene, node: Node) =>
  isHeld(op, node.kafkaId) ? asItWas(scene, node) : specOf(scene, node)

/** Nothing of it is left where it was: the provider starts no such node. */
export const isLost = (scene: Scene, { kafkaId }: Node): boolean => sightingOf(scene, kafkaId) === undefined

/**
 * Starts members that have stopped: a change that finds a dead node brings it back first. One that hangs is ended, to be started
 * again. Nothing: all run that stay. `specFor`: with what.
 */
export async function reviveStopped(
  op: Op,
  scene: Scene,
  specFor = asItShouldBe(op),
): Promise<Outcome<never> | undefined> {
  const stopped = scene.members.filter((node) => !isRunning(scene, node))
  if (stopped.length === 0) return await endHung(op, scene.members, scene.sightings)
  await startDue(
    op,
    stopped.map((node) => specFor(scene, node)),
  )
  const missed = stopped.filter(({ intent }) => intent !== 'leave').map(({ kafkaId }) => kafkaId)
  return missed.length === 0 ? undefined : waitForStart(op, missed, scene.sightings)
}

/** What it was secured with is not kept: it comes back as it is to be. */
function withoutSecurity(spec: NodeSighting['spec'] | undefined): Partial<NodeSpec> {
  if (!spec) return {}
  const { security: _mark, ...others } = spec
  return others
}

export const asItWas = (scene: Scene, node: Node): NodeSpec => ({
  ...specOf(scene, node),
  ...withoutSecurity(sightingOf(scene, node.kafkaId)?.spec),
})

/** While a change stands still, a node comes back as it was: nobody has said that it may go on. */
export const reviveAsItWas = (op: Op, scene: Scene): Promise<Outcome<never> | undefined> =>
  reviveStopped(op, scene, asItWas)

/** A node came back well: the next one that stops is started at once. */
export const forgetRevivals = forgetStarts

export const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`
