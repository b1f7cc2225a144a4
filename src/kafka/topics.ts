import { metadataV12 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { partitionKey } from '../domain/topic.ts'
import { findAtAnyBroker, withAnyBroker } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { configSources, fetchConfigs, resourceTypes, type ConfigEntry } from './configs.ts'
import { fetchTopics, type Partition, type Topic as TopicMetadata } from './metadata.ts'
import { earliest, latest, offsetsOf } from './offsets.ts'
import { replicaSizes, type ReplicaSizes } from './replicas.ts'
import {
  type PartitionPlace,
  type PartitionReading,
  type Topic,
  type TopicKey,
  type TopicSummary,
} from './resources.ts'

/** Looks at topics. */

/** Ten thousand topics take a while to tell. */
const listLimitMs = 20_000
const topicsAtOnce = 1_000
const shownKeys = ['retention.ms', 'cleanup.policy']

export async function listTopics(
  brokers: BrokerEndpoint[],
  { isGlance = false }: { isGlance?: boolean } = {},
): Promise<TopicSummary[]> {
  const [{ topics, configs }, sizes] = await Promise.all([
    withAnyBroker(brokers, isGlance ? topicsAlone : topicsWithConfigs, listLimitMs),
    isGlance ? new Map() : replicaSizes(brokers),
  ])
  const ends = isGlance ? new Map() : await offsetsOf(brokers, topics.flatMap(ledPartitions), latest)
  return topics
    .map((topic) => summaryOf(topic, { configs: configs.get(topic.name ?? '') ?? [], sizes, ends }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

const topicsAlone = async (connection: Connection) => ({
  topics: await fetchTopics(connection, null),
  configs: new Map<string, ConfigEntry[]>(),
})

async function topicsWithConfigs(connection: Connection) {
  const topics = await fetchTopics(connection, null)
  const names = topics.flatMap(({ name }) => (name ? [name] : []))
  const configs = new Map<string, ConfigEntry[]>()
  for (let start = 0; start < names.length; start += topicsAtOnce) {
    const resources = names.slice(start, start + topicsAtOnce).map((name) => ({ type: resourceTypes.topic, name }))
    for (const [name, entries] of await fetchConfigs(connection, resources, shownKeys)) configs.set(name, entries)
  }
  return { topics, configs }
}

const ledPartitions = ({ name, partitions }: TopicMetadata) =>
  partitions.map(({ partitionIndex, leaderId }) => ({ topic: name ?? '', partition: partitionIndex, leader: leaderId }))

type Told = { configs: ConfigEntry[]; sizes: ReplicaSizes; ends: Map<string, number> }

function summaryOf(topic: TopicMetadata, { configs, sizes, ends }: Told): TopicSummary {
  const { name, partitions } = topic
  const valueOf = (key: string) => configs.find((entry) => entry.name === key)?.value ?? null
  const retention = valueOf('retention.ms')
  return {
    id: topicIdFrom(topic.topicId),
    name: name ?? '',
    partitions: partitions.length,
    replicationFactor: Math.max(0, ...partitions.map(({ replicaNodes }) => replicaNodes.length)),
    underReplicated: partitions.filter(({ replicaNodes, isrNodes }) => isrNodes.length < replicaNodes.length).length,
    offline: partitions.filter(({ leaderId }) => leaderId < 0).length,
    bytes: bytesOf(name ?? '', partitions, sizes),
    endOffsets: endOf(topic, ends),
    retentionMs: retention === null ? null : Number(retention),
    cleanupPolicy: valueOf('cleanup.policy'),
  }
}

function bytesOf(topic: string, partitions: Partition[], sizes: ReplicaSizes): number | null {
  let total = 0
  for (const { partitionIndex, replicaNodes } of partitions) {
    for (const kafkaId of replicaNodes) {
      const own = sizes.get(kafkaId)
      if (!own) return null
      total += own.get(topic)?.get(partitionIndex) ?? 0
    }
  }
  return total
}

function endOf(topic: TopicMetadata, ends: Map<string, number>): number | null {
  let total = 0
  for (const partition of ledPartitions(topic)) {
    const end = ends.get(partitionKey(partition))
    if (end === undefined) return null
    total += end
  }
  return total
}

/** A node that has just come back may not know yet of a topic that was just made: gone is what no node shows. */
export async function findTopic(brokers: BrokerEndpoint[], by: TopicKey): Promise<Topic | undefined> {
  return await findAtAnyBroker(brokers, async (connection) => {
    const found = await findMetadata(connection, by)
    if (!found?.name) return undefined
    const { name, topicId, partitions } = found
    const configs = await fetchConfigs(connection, [{ type: resourceTypes.topic, name }], null)
    return {
      id: topicIdFrom(topicId),
      name,
      partitions: partitions.map(placeOf),
      configs: ownConfigs(configs.get(name)),
    }
  })
}

/** As one broker knows it now; nothing: it knows of none. */
export async function findMetadata(connection: Connection, by: TopicKey): Promise<TopicMetadata | undefined> {
  const topicId = 'id' in by ? uuidFrom(by.id) : undefined
  if ('id' in by && !topicId) return undefined
  const wanted = 'id' in by ? { topicId: topicId!, name: null } : { name: by.name }
  const asked = metadataV12.api.async(connection, [wanted], false, false)
  const answer = await asked.catch((error: unknown) => responseOf(error) as metadataV12.MetadataResponse)
  return answer.topics.find(({ partitions }) => partitions.length > 0)
}

export const ownConfigs = (entries: ConfigEntry[] = []): Record<string, string> =>
  Object.fromEntries(
    entries
      .filter(({ configSource, isSensitive }) => configSource === configSources.topic && !isSensitive)
      .map(({ name, value }) => [name, value ?? ''] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )

const placeOf = ({ partitionIndex, leaderId, replicaNodes, isrNodes }: Partition): PartitionPlace => ({
  partition: partitionIndex,
  leader: leaderId,
  replicas: replicaNodes,
  inSync: isrNodes,
})

export async function describePartitions(brokers: BrokerEndpoint[], topic: string): Promise<PartitionReading[]> {
  const found = await withAnyBroker(brokers, (connection) => findMetadata(connection, { name: topic }))
  if (!found) return []
  const places = found.partitions.map(placeOf).toSorted((one, other) => one.partition - other.partition)
  const led = places.map(({ partition, leader }) => ({ topic, partition, leader }))
  const [starts, ends, sizes] = await Promise.all([
    offsetsOf(brokers, led, earliest),
    offsetsOf(brokers, led, latest),
    replicaSizes(brokers, [{ topic, partitions: places.map(({ partition }) => partition) }]),
  ])
  return places.map((place) => {
    const key = partitionKey({ topic, partition: place.partition })
    const bytes = sizes.get(place.leader)?.get(topic)?.get(place.partition) ?? null
    return { ...place, startOffset: starts.get(key) ?? null, endOffset: ends.get(key) ?? null, bytes }
  })
}

/** Kafka writes an id in base64url, the client in hexadecimal. */
export const topicIdFrom = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')

const uuidLength = 16

/** Nothing: this can be no id. */
export function uuidFrom(id: string): string | undefined {
  const bytes = Buffer.from(id, 'base64url')
  if (bytes.length !== uuidLength || bytes.toString('base64url') !== id || bytes.every((byte) => byte === 0))
    return undefined
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
