import { createPartitionsV3, createTopicsV7 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { fetchTopics } from './metadata.ts'
import type { Topic } from './metadata.ts'

/**
 * The topic to which Millrace writes to prove that a cluster takes and gives records: one partition whose first replica,
 * and so its leader in quiet times, is each broker. Its records are kept for an hour.
 */
export const canaryTopicName = '__millrace_canary'

/** The topic as it is now, made or grown so that each of the brokers has a partition. */
export async function ensureCanaryTopic(connection: Connection, brokerIds: number[]): Promise<Topic> {
  const topic = await findCanaryTopic(connection)
  if (!topic) await createCanaryTopic(connection, brokerIds)
  else await growCanaryTopic(connection, topic, brokerIds)
  const made = await findCanaryTopic(connection)
  if (!made) throw new Error(`topic ${canaryTopicName} was made but cannot be seen yet`)
  return made
}

const createLimitMs = 5_000

async function findCanaryTopic(connection: Connection): Promise<Topic | undefined> {
  const topics = await fetchTopics(connection, [canaryTopicName])
  return topics.find(({ partitions }) => partitions.length > 0)
}

async function createCanaryTopic(connection: Connection, brokerIds: number[]): Promise<void> {
  const assignments = brokerIds.map((brokerId, partitionIndex) => {
    return { partitionIndex, brokerIds: replicasFrom(brokerId, brokerIds) }
  })
  const configs = Object.entries(canaryConfigs(brokerIds)).map(([name, value]) => ({ name, value }))
  // With explicit assignments Kafka wants both numbers to be -1.
  const topic = { name: canaryTopicName, numPartitions: -1, replicationFactor: -1, assignments, configs }
  await createTopicsV7.api.async(connection, [topic], createLimitMs, false)
}

function canaryConfigs(brokerIds: number[]): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': '3600000',
    'segment.ms': '3600000',
    'segment.bytes': '1048576',
    'min.insync.replicas': brokerIds.length > 1 ? '2' : '1',
  }
}

async function growCanaryTopic(connection: Connection, topic: Topic, brokerIds: number[]) {
  const leads = new Set(topic.partitions.map(({ replicaNodes }) => replicaNodes[0]))
  const without = brokerIds.filter((id) => !leads.has(id))
  if (without.length === 0) return
  const assignments = without.map((id) => ({ brokerIds: replicasFrom(id, brokerIds) }))
  const count = topic.partitions.length + without.length
  await createPartitionsV3.api.async(connection, [{ name: canaryTopicName, count, assignments }], createLimitMs, false)
}

/** Up to three brokers, beginning with the given one, going round. */
export function replicasFrom(first: number, brokerIds: number[]): number[] {
  const start = brokerIds.indexOf(first)
  return [...brokerIds.slice(start), ...brokerIds.slice(0, start)].slice(0, 3)
}
