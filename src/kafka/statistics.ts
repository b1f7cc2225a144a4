import { describeLogDirsV4, listGroupsV5 } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { isInternalTopic } from '../domain/topic.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, ClusterStatistics } from './cluster.ts'
import { fetchTopics } from './metadata.ts'

/** Counts of the team's own topics, partitions and groups, without Kafka's and Millrace's; bytes are of everything on disk. */
export async function statistics(brokers: BrokerEndpoint[]): Promise<ClusterStatistics> {
  const [first] = brokers
  if (!first) throw new AppError('unavailable', 'Kafka.Unreachable', 'The cluster has no node to ask.')
  const [counts, ...shares] = await Promise.all([topicCounts(first), ...brokers.map(shareOf)])
  return {
    ...counts,
    consumerGroupCount: sum(shares.map(({ groups }) => groups)),
    storageSize: sum(shares.map(({ bytes }) => bytes)),
  }
}

const limitMs = 2_000

async function topicCounts(broker: BrokerEndpoint): Promise<Pick<ClusterStatistics, 'topicCount' | 'partitionCount'>> {
  const topics = await withBroker(broker, limitMs, (connection) => fetchTopics(connection, null))
  const own = topics.filter(({ name }) => name && !isInternalTopic(name))
  return { topicCount: own.length, partitionCount: sum(own.map(({ partitions }) => partitions.length)) }
}

/** Each broker knows its own disk and the groups that it coordinates. */
async function shareOf(broker: BrokerEndpoint): Promise<{ groups: number; bytes: number }> {
  return withBroker(broker, limitMs, async (connection) => {
    const { groups } = await listGroupsV5.api.async(connection, [], [])
    const { results } = await describeLogDirsV4.api.async(connection, null)
    const partitions = results.flatMap(({ topics }) => topics.flatMap((topic) => topic.partitions))
    return { groups: groups.length, bytes: sum(partitions.map(({ partitionSize }) => Number(partitionSize))) }
  })
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
