import { brokerDrift, type MembersSeen } from '../../domain/drift-brokers.ts'
import { nodeDrift, type ProcessSeen } from '../../domain/drift-nodes.ts'
import { settingDrift, type SettingDriftEvidence } from '../../domain/drift-settings.ts'
import type { DriftItem } from '../../domain/drift.ts'
import type { Environment } from '../../domain/environment.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Instance } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import type { Observation } from '../../domain/observation.ts'
import type { VersionCatalogue } from '../../domain/version.ts'
import type { BrokerEndpoint, EffectiveSetting, KafkaClusters } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { minInSyncFor } from '../../kafka/server-properties.ts'
import { settingCatalogueFor } from '../../kafka/setting-catalogue.ts'
import { isController, staticSettingsOf } from '../node-spec.ts'

/**
 * Looks at processes and cluster as they are now, and says where they are not what the Instance says. Reads only. What nobody
 * could tell is left out, and `unknown` says why.
 */
export type Drift = { items: DriftItem[]; unknown: string | null }

export type DriftWorld = {
  clusters: KafkaClusters
  catalogue: VersionCatalogue
  describeEnvironment(): Promise<Environment>
  inspectNodes(id: InstanceId): Promise<ProcessSeen[]>
}

export type Drifting = { instance: Instance; nodes: Node[] }

export async function findDrift(world: DriftWorld, { instance, nodes }: Drifting): Promise<Drift> {
  const busy = whyNotNow(instance)
  if (busy) return { items: [], unknown: busy }
  const [sightings, environment, cluster] = await Promise.all([
    world.inspectNodes(instance.id),
    world.describeEnvironment(),
    lookAtCluster(world.clusters, nodes.map(endpointOf)),
  ])
  const { version, features } = instance
  const wanted = nodes.map(({ kafkaId, targetVersion }) => {
    return { kafkaId, version: targetVersion, configs: staticSettingsOf({ version: targetVersion, features }) }
  })
  const rules = { settings: settingCatalogueFor(version), settingPrefixes: environment.settingPrefixes ?? [] }
  const { members, told, finalized, unknown } = cluster
  const voters = nodes.filter(isController).length
  const items = [
    ...nodeDrift({ ...rules, instance, wanted, sightings, catalogue: world.catalogue, finalized }),
    ...(told ? settingDrift({ ...rules, ...told, instance, kept: keptByKafka(voters) }) : []),
    ...brokerDrift({ own: nodes.map(({ kafkaId }) => kafkaId), sightings, members }),
  ]
  return { items, unknown }
}

/** While a change is under way, or failed half-way, what differs does so because it made it so. */
function whyNotNow({ state, before }: Instance): string | null {
  if (before === null && (state === 'Running' || state === 'Error')) return null
  return 'The Instance is being changed: what differs now may be the change at work. Look again when it is over.'
}

/** With eligible leader replicas (KIP-966) Kafka writes this down by itself. */
const keptByKafka = (voters: number) => ({ 'min.insync.replicas': String(minInSyncFor(voters)) })

type SettingsTold = Pick<SettingDriftEvidence, 'found' | 'overrides' | 'hidden'>

type ClusterSeen = {
  members: MembersSeen | null
  told: SettingsTold | null
  finalized: Record<string, number> | null
  unknown: string | null
}

async function lookAtCluster(clusters: KafkaClusters, brokers: BrokerEndpoint[]): Promise<ClusterSeen> {
  const observation = await clusters.observe(brokers)
  const { quorum } = observation
  const silent = { members: null, told: null, finalized: null }
  if (!quorum)
    return { ...silent, unknown: 'The cluster does not answer now: of its settings and members nothing is known.' }
  const answering = brokers.filter(({ kafkaId }) =>
    observation.views.some((one) => one.kafkaId === kafkaId && one.sees),
  )
  const [registered, settings, finalized] = await Promise.all([
    clusters.registeredBrokers(answering),
    Promise.all(answering.map((broker) => settingsOf(clusters, broker))),
    clusters.features(brokers).then(
      (features) => features.finalized,
      () => null,
    ),
  ])
  const voters = quorum.voters.map(({ kafkaId }) => kafkaId)
  const told = settings.filter((one) => one !== null)
  return {
    members: { registered, voters, replicas: replicasByBroker(observation) },
    told: told.length > 0 ? clusterWide(told) : null,
    finalized,
    unknown: told.length > 0 ? null : 'No node tells what settings it runs with.',
  }
}

type BrokerSettings = { kafkaId: number; settings: EffectiveSetting[] }

/** Null: it does not tell. */
async function settingsOf(clusters: KafkaClusters, broker: BrokerEndpoint): Promise<BrokerSettings | null> {
  const settings = await clusters.describeSettings([broker], broker.kafkaId).catch(() => null)
  return settings && { kafkaId: broker.kafkaId, settings }
}

function replicasByBroker({ partitions }: Observation): Map<number, number> {
  const counts = new Map<number, number>()
  for (const kafkaId of partitions.flatMap(({ replicas }) => replicas)) {
    counts.set(kafkaId, (counts.get(kafkaId) ?? 0) + 1)
  }
  return counts
}

/**
 * Each broker tells of a setting only what is in force there, so a value of its own hides the cluster's. What only a start
 * can change is told as if it had a synonym's source, and is not meant.
 */
function clusterWide(told: BrokerSettings[]): SettingsTold {
  const all = told.flatMap(({ kafkaId, settings }) =>
    settings.filter(({ isReadOnly }) => !isReadOnly).map(({ key, value, source }) => ({ kafkaId, key, value, source })),
  )
  const found = new Map(all.filter(({ source }) => source === 'dynamic-default').map((one) => [one.key, one]))
  const overrides = all.filter(({ source }) => source === 'dynamic-broker')
  const hidden = overrides.map(({ key }) => key).filter((key) => !found.has(key))
  return { found: [...found.values()], overrides, hidden }
}
