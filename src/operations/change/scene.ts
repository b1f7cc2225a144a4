import type { Instance } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import { isUnavailable } from '../../domain/errors.ts'
import type { MinInSync, Observation } from '../../domain/observation.ts'
import { restartReasons } from '../../domain/restart-reason.ts'
import { judgeHealth, type Judgement } from '../../domain/rolling.ts'
import { ChangeInput, mayRestart } from '../../domain/change.ts'
import { wait, type Outcome } from '../../engine/outcome.ts'
import type { BrokerEndpoint } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { NodeSighting, NodeSpec } from '../../providers/provider.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import { expectedOf, heapOf, membersOf, nodeSpecFor } from '../node-spec.ts'
import { endHung } from '../restart-hung.ts'
import type { Op } from '../world.ts'

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
  const [instance, nodes, sightings, environment] = await Promise.all([
    getInstance(op.db, op.instanceId),
    listNodes(op.db, op.instanceId),
    op.world.provider.inspectNodes(op.instanceId),
    op.world.provider.describeEnvironment(),
  ])
  const members = membersOf(nodes, sightings)
  const heapMiB = heapOf(environment.machineTypes)
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
  const { wish } = inputOf(op)
  const { restart } = wish
  const isAsked = ({ kafkaId }: Node) => !isTurnedBack(op) && (restart === 'all' || !!restart?.includes(kafkaId))
  const reasons = scene.members
    .filter(({ intent, kafkaId }) => intent !== 'leave' && mayRestart(wish, kafkaId))
    .map((node) => {
      const sighting = sightingOf(scene, node.kafkaId)
      const { version, configs, heapMiB, security } = specOf(scene, node)
      const why = restartReasons({
        running: sighting?.spec ?? null,
        wanted: { version, configs, heapMiB, security },
        startedAt: sighting?.usage?.startedAt ?? null,
        ...(isAsked(node) ? { askedAt: op.operation.createdAt } : askedByMillrace(op, node.kafkaId)),
      })
      return [node.kafkaId, why] as const
    })
  return new Map(reasons.filter(([, why]) => why.length > 0))
}

/** Its own certificates end, which a start renews; or it takes the user's new ones only at a start, known since then. */
function askedByMillrace(op: Op, kafkaId: number): { askedAt: Date | null; askedWhy: string } {
  const stubborn = (op.notes.stubborn as Record<string, number> | null | undefined)?.[kafkaId]
  if (stubborn !== undefined) return { askedAt: new Date(stubborn), askedWhy: 'to show its new certificate' }
  const isRenewed = !!inputOf(op).wish.renew?.includes(kafkaId) && !isTurnedBack(op)
  return { askedAt: isRenewed ? op.operation.createdAt : null, askedWhy: 'its certificates end' }
}

const longestPauseMs = 30_000

/** Made of what is in the rows. A node that is held comes back as it was. */
const asItShouldBe = (op: Op) => (scene: Scene, node: Node) =>
  isHeld(op, node.kafkaId) ? asItWas(scene, node) : specOf(scene, node)

/** Its data is gone: only a node that has just been made may begin empty, for another could win an election without its records. */
export const isLost = (scene: Scene, { kafkaId }: Node): boolean => sightingOf(scene, kafkaId) === undefined

/**
 * Starts members that have stopped, each time after a longer pause: a change that finds a dead node brings it back first. One
 * that hangs is ended, to be started again. Nothing: all run that stay. `specFor`: with what.
 */
export async function reviveStopped(
  op: Op,
  scene: Scene,
  specFor = asItShouldBe(op),
): Promise<Outcome<never> | undefined> {
  const stopped = scene.members.filter((node) => !isRunning(scene, node))
  if (stopped.length === 0) return await endHung(op, scene.members)
  const starts = Number(op.notes.starts ?? 0)
  const startAt = Number(op.notes.startAt ?? 0)
  const now = op.now().getTime()
  const problems = new Map<number, string>()
  if (now >= startAt) {
    const dead = stopped.filter((node) => !isLost(scene, node))
    const start = async (node: Node) => {
      const thrown = await op.world.provider.ensureNode(specFor(scene, node), op.fence).catch((error: unknown) => error)
      if (isUnavailable(thrown)) problems.set(node.kafkaId, thrown.message)
      else if (thrown) throw thrown
    }
    await Promise.all(dead.map(start))
    op.remember({ starts: starts + 1, startAt: now + Math.min(longestPauseMs, 1000 * 2 ** starts) })
  }
  return tellStopped(
    scene,
    stopped.filter(({ intent }) => intent !== 'leave'),
    problems,
  )
}

/** `problems`: why they could not be started, by Kafka id. */
function tellStopped(scene: Scene, stopped: Node[], problems: Map<number, string>): Outcome<never> | undefined {
  const [first] = stopped
  if (!first) return undefined
  const lost = stopped.filter((node) => isLost(scene, node))
  if (lost.length > 0) {
    const advice = 'Starting it empty could lose records. Put its folder back, or delete the Instance.'
    return wait(1, `The data of node ${idsOf(lost)} is no longer where it was. ${advice}`)
  }
  const reason = problems.get(first.kafkaId) ?? sightingOf(scene, first.kafkaId)?.reason
  return wait(0.3, `Node ${idsOf(stopped)} has stopped${reason ? `: ${reason}` : '.'} It is being started.`)
}

const idsOf = (nodes: Node[]): string => nodes.map(({ kafkaId }) => kafkaId).join(', ')

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
export async function tend(op: Op): Promise<number | null> {
  const ailing = await reviveStopped(op, await lookAt(op), asItWas)
  return ailing?.kind === 'wait' ? ailing.seconds : null
}

/** A node came back well: the next one that stops is started at once. */
export const forgetRevivals = (op: Op): void => op.remember({ starts: 0, startAt: 0 })

export const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`
