import { isUsageBased, sizeOf } from '../../domain/capacity.ts'
import { targetOf, changeKindOf, revertOf, type ChangeKind, type ChangeWish } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Instance, InstanceTarget } from '../../domain/instance.ts'
import { movedBytes, planMoves, type Move } from '../../domain/move-plan.ts'
import { withoutSecrets } from '../../domain/kafka-settings.ts'
import type { Node } from '../../domain/node.ts'
import type { PlacedNode } from '../../domain/placement.ts'
import { changedKeys } from '../../domain/restart-reason.ts'
import { topicsAtRisk, type TopicAtRisk } from '../../domain/may-stop.ts'
import type { KafkaClusters } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { Db } from '../../store/database.ts'
import { dynamicSettingsOf, staticSettingsOf } from '../node-spec.ts'
import { paceHere } from './pace.ts'
import { securityLines, securityReasons, securityWarnings } from './plan-security.ts'
import { partitionsOf, throttleBytesPerSecond } from './moves.ts'
import { alterationTo } from './settings.ts'
import { refuseWrongChange, type AskedChange } from './refuse-wrong-change.ts'
import { resizeFor } from './resize.ts'

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
  /** From what restarts took here, and by rule of thumb for the rest. */
  expectedSeconds: number
  isTimeFromHistory: boolean
  /** Of what it means for clients. */
  warnings: string[]
  unknown: string | null
}

/** `only`: the Instances whose past tells how long it takes; without: all. */
export type PlanQuestion = AskedChange & { only?: readonly InstanceId[] | undefined }

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
  const seats = [...staying, ...join].map(({ kafkaId, zone }) => ({ kafkaId, rack: zone }))
  const isResized = join.length + leave.length > 0
  const evidence = await evidenceFor(clusters, nodes, isResized ? seats : null)
  if (!evidence.unknown) await refuseWhatKafkaRefuses(clusters, question, target)
  const revert = revertOf(input.wish)
  const pace = await paceHere(db, instance.environmentId, only)
  const restarts = restartsFor(staying, instance, { target, wish: input.wish })
  const security = { from: instance.features.security, to: target.features.security, nodes: staying, joins: join }
  return {
    kind: changeKindOf(instance, input.wish),
    changes: [...changesBetween(instance, target), ...securityLines(security)],
    restarts,
    joins: join,
    leaves: leave,
    moves: evidence.moves && { partitions: evidence.moves.length, bytes: movedBytes(evidence.moves) },
    dynamicSettings: [
      ...changedKeys(dynamicOf(instance, target.version), dynamicOf(target, target.version)),
      ...new Set([...revert.settings, ...revert.overrides.map(({ key }) => key)]),
    ],
    topicsAtRisk: restarts.length > 0 ? evidence.topicsAtRisk : [],
    finalizes: target.version !== instance.version,
    isTimeFromHistory: restarts.length > 0 && pace.isMeasured,
    expectedSeconds: estimate({
      restarting: restarts.length * pace.secondsPerRestart,
      joins: join.length,
      moves: evidence.moves ?? [],
      soak: target.version === instance.version ? 0 : input.options.soakSeconds,
    }),
    warnings: securityWarnings(security),
    unknown: evidence.unknown,
  }
}

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
const staticOf = ({ features }: InstanceTarget, version: string) => staticSettingsOf({ version, features })

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

type RestartWish = { target: InstanceTarget; wish: ChangeWish }

function restartsFor(staying: Node[], instance: Instance, { target, wish }: RestartWish): ChangePlan['restarts'] {
  const { restart, drift } = wish
  const reverted = revertOf(wish).nodes
  const runSo = drift?.way === 'adopt' ? drift.nodes : []
  const keys = changedKeys(staticOf(instance, target.version), staticOf(target, target.version))
  const { security: from } = instance.features
  const forAll = [
    ...(instance.version === target.version ? [] : [`version ${instance.version} → ${target.version}`]),
    ...(keys.length === 0 ? [] : [`settings ${keys.join(', ')}`]),
    ...securityReasons(from, target.features.security),
  ]
  return staying
    .map(({ kafkaId }) => {
      const isAsked = restart === 'all' || !!restart?.includes(kafkaId)
      return {
        kafkaId,
        reasons: [
          ...(runSo.includes(kafkaId) ? [] : forAll),
          ...(isAsked ? ['asked for'] : []),
          ...(wish.renew?.includes(kafkaId) ? ['its certificates end'] : []),
          ...(reverted.includes(kafkaId) ? ['does not run as it should'] : []),
        ],
      }
    })
    .filter(({ reasons }) => reasons.length > 0)
}

type Seats = { kafkaId: number; rack: string }[] | null
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

const secondsPerJoin = 8
const secondsPerBatch = 1
/** By rule of thumb: a few onto each node that receives. */
const movesAtOnce = 4

function estimate(parts: { restarting: number; joins: number; moves: Move[]; soak: number }): number {
  const moving = movedBytes(parts.moves) / throttleBytesPerSecond + (parts.moves.length / movesAtOnce) * secondsPerBatch
  return Math.ceil(3 + parts.restarting + (parts.joins > 0 ? secondsPerJoin : 0) + moving + parts.soak)
}
