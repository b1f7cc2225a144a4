import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { isInternalTopic } from '../../domain/topic.ts'
import type { ClusterResources, PartitionReading, Topic, TopicSetting } from '../../kafka/resources.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { ServiceContext } from '../context.ts'
import type { KnownTopic } from './topic-rate.ts'

export type { PartitionReading, Topic, TopicSetting } from '../../kafka/resources.ts'
export type { KnownTopic } from './topic-rate.ts'

export const topicSorts = [
  'name',
  'partition',
  'size',
  'messagesPerSecond',
  'replicationFactor',
  'underReplicated',
  'retentionMs',
] as const

export type TopicQuestion = {
  instanceId: InstanceId
  /** Part of a name; the topic that is called so comes first. */
  keyword?: string | undefined
  /** Kafka's own and Millrace's too. */
  internal: boolean
  sort: (typeof topicSorts)[number]
  desc: boolean
  page: number
  size: number
}

export type TopicListing = { total: number; list: KnownTopic[]; asOf: Date; problem: string | null }

/** A page out of what is known, however many there are. */
export async function readTopics(context: ServiceContext, question: TopicQuestion): Promise<TopicListing> {
  const { instanceId, keyword = '', internal, page, size } = question
  const cluster = await openCluster(context, instanceId)
  const { topics, asOf, problem } = await context.topicCache.read(instanceId, (options) => cluster.listTopics(options))
  const found = topics.filter(({ name }) => name.includes(keyword) && (internal || !isInternalTopic(name)))
  const list = found.toSorted(orderOf(question)).slice((page - 1) * size, page * size)
  return { total: found.length, list, asOf, problem }
}

const measures: Record<Exclude<TopicQuestion['sort'], 'name'>, (topic: KnownTopic) => number | null> = {
  partition: ({ partitions }) => partitions,
  size: ({ bytes }) => bytes,
  messagesPerSecond: (topic) => topic.messagesPerSecond,
  replicationFactor: ({ replicationFactor }) => replicationFactor,
  underReplicated: ({ underReplicated }) => underReplicated,
  // For ever is longer than any time.
  retentionMs: ({ retentionMs }) => (retentionMs === -1 ? Infinity : retentionMs),
}

function orderOf({ sort, desc, keyword }: TopicQuestion) {
  const byName = (one: KnownTopic, other: KnownTopic) => (one.name < other.name ? -1 : 1)
  const inOrder = (one: KnownTopic, other: KnownTopic): number => {
    if (sort === 'name') return byName(one, other)
    const [left, right] = [measures[sort](one) ?? -1, measures[sort](other) ?? -1]
    return left === right ? byName(one, other) : left < right ? -1 : 1
  }
  return (one: KnownTopic, other: KnownTopic): number => {
    if (one.name === keyword || other.name === keyword) return one.name === keyword ? -1 : 1
    return desc ? inOrder(other, one) : inOrder(one, other)
  }
}

export type TopicOf = { instanceId: InstanceId; topicId: string }

/** Throws `not-found` (`Topic.NotFound`), and only when Kafka says that it is gone. */
export async function readTopic(context: ServiceContext, { instanceId, topicId }: TopicOf): Promise<Topic> {
  return await getTopic(await openCluster(context, instanceId), topicId)
}

export async function getTopic(cluster: ClusterResources, topicId: string): Promise<Topic> {
  const topic = await cluster.findTopic({ id: topicId })
  if (topic) return topic
  throw new AppError('not-found', 'Topic.NotFound', `There is no topic with the id ${topicId}.`)
}

export async function readPartitions(
  context: ServiceContext,
  { instanceId, topicId }: TopicOf,
): Promise<PartitionReading[]> {
  const cluster = await openCluster(context, instanceId)
  const { name } = await getTopic(cluster, topicId)
  return await cluster.describePartitions(name)
}

export async function readTopicSettings(
  context: ServiceContext,
  { instanceId, topicId }: TopicOf,
): Promise<TopicSetting[]> {
  const cluster = await openCluster(context, instanceId)
  const { name } = await getTopic(cluster, topicId)
  return await cluster.describeTopicSettings(name)
}
