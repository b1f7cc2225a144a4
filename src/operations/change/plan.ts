import { isUsageBased, sizeOf } from '../../domain/capacity.ts'
import { targetOf, changeKindOf, revertOf, type ChangeKind } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import { movedBytes, planMoves, seatOf, type Move, type Seat } from '../../domain/move-plan.ts'
import { withoutSecrets } from '../../domain/kafka-settings.ts'
import type { Node } from '../../domain/node.ts'
import type { PlacedNode } from '../../domain/placement.ts'
import { changedKeys } from '../../domain/restart-reason.ts'
import { topicsAtRisk, type TopicAtRisk } from '../../domain/may-stop.ts'
import type { KafkaClusters } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { Db } from '../../store/database.ts'
import { dynamicSettingsOf } from '../node-spec.ts'
import { expectedTime, paceHere } from './pace.ts'
import { authorityLines, authorityWarnings, restartsInAll } from './plan-authority.ts'
import { securityLines, securityWarnings } from './plan-security.ts'
import { partitionsOf } from './moves.ts'
import { alterationTo } from './settings.ts'
import { refuseWrongChange, type AskedChange } from './refuse-wrong-change.ts'
import { resizeFor } from './resize.ts'
import { alterationBy, askedIn, restartsIn, type RestartScene } from './restarts.ts'

/**
 * What a change would do, before anybody does it: from the rows and from the cluster as it is now. Reads only. What the cluster
 * cannot tell at the moment is left open, and `unknown` says why.
 */
export type ChangePlan = {
  kind: ChangeKind | null
  changes: { what: string; from: string; to: string }[]
  restarts: { kafkaId: number; reasons: string[] }[]
  joins: PlacedNode[]
  leaves: Node[]
  moves: { partitions: number; bytes: number } | null
  dynamicSettings: string[]
  topicsAtRisk: TopicAtRisk[]
  finalizes: boolean
  /** As long as its parts took here; by rule of thumb for those that have not been yet. */
  expectedSeconds: number
  isTimeFromHistory: boolean
  /** Of what it means for clients. */
  warnings: string[]
  unknown: string | null
}

export type PlanQuestion = AskedChange & {
  /** The processes as they are now. */
  sightings: RestartScene['sightings']
  /** The Instances whose past tells how long it takes; without: all. */
  only?: readonly InstanceId[] | undefined
}

/**
 * Throws as the change itself would: `invalid` with every field's problem, or in Kafka's words; `limit` when there is no room
 * for it.
 */
export async function planChange(db: Db, clusters: KafkaClusters, question: PlanQuestion): Promise<ChangePlan> {
  const { instance, nodes, input, offer, only } = question
  refuseWrongChange(question)
  const target = targetOf(instance, input.wish)
  const { join, leave } = await resizeFor(db, { instance, nodes, target, offer })
  const staying = nodes.filter((node) => !leave.includes(node))
  const seats = [...staying, ...join].map(seatOf)
  const isResized = join.length + leave.length > 0
  const evidence = await evidenceFor(clusters, nodes, isResized ? seats : null)
  if (!evidence.unknown) await refuseWhatKafkaRefuses(clusters, question, target)
  const revert = revertOf(input.wish)
  const restarts = restartsFor(staying, question, target)
  const moves = evidence.moves && { partitions: evidence.moves.length, bytes: movedBytes(evidence.moves) }
  const time = expectedTime(await paceHere(db, instance.environmentId, only), {
    restarts: restartsInAll({ wish: input.wish, restarts }),
    joins: join.length,
    moves: moves ?? { partitions: 0, bytes: 0 },
  })
  const soakSeconds = target.version === instance.version ? 0 : input.options.soakSeconds
  const asked = { instance, wish: input.wish }
  const security = { from: instance.features.security, to: target.features.security, nodes: staying, joins: join }
  return {
    kind: changeKindOf(instance, input.wish),
    changes: [...changesBetween(instance, target), ...securityLines(security), ...authorityLines(asked)],
    restarts,
    joins: join,
    leaves: leave,
    moves,
    dynamicSettings: [
      ...changedKeys(dynamicOf(instance, target.version), dynamicOf(target, target.version)),
      ...new Set([...revert.settings, ...revert.overrides.map(({ key }) => key)]),
    ],
    topicsAtRisk: restarts.length > 0 ? evidence.topicsAtRisk : [],
    finalizes: target.version !== instance.version,
    isTimeFromHistory: time.isMeasured,
    expectedSeconds: Math.ceil(secondsAround + time.seconds + soakSeconds),
    warnings: [...securityWarnings(security), ...authorityWarnings({ ...asked, restarts })],
    unknown: evidence.unknown,
  }
}

/** To look before, and to prove afterwards that all is well. */
const secondsAround = 3

/** What settings say of each other only Kafka knows. A newer version's settings are asked of it when it runs. */
async function refuseWhatKafkaRefuses(
  clusters: KafkaClusters,
  { instance, nodes }: AskedChange,
  target: InstanceTarget,
): Promise<void> {
  const { version } = instance
  if (target.version !== version) return
  const leaving = Object.keys(dynamicOf(instance, version))
  const alteration = alterationTo(dynamicOf(target, version), { leaving, nodes })
  await clusters.alterSettings(nodes.map(endpointOf), alteration, { validateOnly: true })
}

const dynamicOf = ({ features }: InstanceTarget, version: string) => dynamicSettingsOf({ version, features })

function changesBetween(from: InstanceTarget, to: InstanceTarget): ChangePlan['changes'] {
  const keys = changedKeys(valuesOf(from), valuesOf(to))
  return [
    ...(from.version === to.version ? [] : [{ what: 'version', from: from.version, to: to.version }]),
    ...(sizeOf(from.spec) === sizeOf(to.spec)
      ? []
      : [{ what: isUsageBased(to.spec) ? 'Nodes' : 'AKU', from: `${sizeOf(from.spec)}`, to: `${sizeOf(to.spec)}` }]),
    ...keys.map((key) => ({ what: key, from: valuesOf(from)[key] ?? 'default', to: valuesOf(to)[key] ?? 'default' })),
  ]
}

const valuesOf = ({ features }: InstanceTarget): Record<string, string> =>
  Object.fromEntries(withoutSecrets(features.instanceConfigs ?? []).map(({ key, value }) => [key, value]))

/** By what the nodes run with now, and would be wanted to. */
function restartsFor(
  staying: Node[],
  { instance, nodes, input: { wish }, sightings }: PlanQuestion,
  target: InstanceTarget,
): ChangePlan['restarts'] {
  const restarts = restartsIn({
    instance: { ...instance, ...target, authority: wish.authority ?? instance.authority },
    nodes,
    members: staying.map((node) => ({ ...node, targetVersion: target.version })),
    sightings,
    about: alterationBy(wish, instance),
    asked: (kafkaId) => askedIn(wish, kafkaId),
  })
  return [...restarts].map(([kafkaId, reasons]) => ({ kafkaId, reasons }))
}

type Seats = Seat[] | null
type ClusterEvidence = { topicsAtRisk: TopicAtRisk[]; moves: Move[] | null; unknown: string | null }

/** `seats`: who carries data afterwards; null when nobody comes or goes. */
async function evidenceFor(clusters: KafkaClusters, nodes: Node[], seats: Seats): Promise<ClusterEvidence> {
  const endpoints = nodes.filter(({ intent }) => intent === 'stay').map(endpointOf)
  const observation = await clusters.observe(endpoints)
  if (!observation.quorum) return { topicsAtRisk: [], moves: null, unknown: 'The cluster does not answer now.' }
  const [minInSync, replicas] = await Promise.all([
    clusters.minInSync(endpoints),
    seats ? clusters.replicas(endpoints) : [],
  ])
  return {
    topicsAtRisk: topicsAtRisk(observation, minInSync),
    moves: seats && planMoves({ partitions: partitionsOf(observation.partitions, replicas), brokers: seats }),
    unknown: null,
  }
}
