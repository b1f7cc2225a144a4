import { describeLogDirsV4, listGroupsV5 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { isInternalTopic } from '../domain/topic.ts'
import { withAnyBroker } from './any-broker.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, ClusterStatistics } from './cluster.ts'
import { fetchTopics } from './metadata.ts'

/**
 * Counts of the team's own topics, partitions and groups, without Kafka's and Millrace's; bytes are of everything on disk. Each
 * broker knows its own disk and the groups that it coordinates: of what one does not tell there is no sum.
 */
export async function statistics(brokers: BrokerEndpoint[]): Promise<ClusterStatistics> {
  const [counts, groups, bytes] = await Promise.all([
    topicCounts(brokers),
    sumOver(brokers, groupsOn),
    sumOver(brokers, bytesOn),
  ])
  return {
    ...counts,
    ...(groups !== undefined && { consumerGroupCount: groups }),
    ...(bytes !== undefined && { storageSize: bytes }),
  }
}

/** A full disk takes a while to count. */
const limitMs = 6_000
/** Of one broker, so that another can still be asked. */
const countLimitMs = 3_000

async function topicCounts(
  brokers: BrokerEndpoint[],
): Promise<Pick<ClusterStatistics, 'topicCount' | 'partitionCount'>> {
  const topics = await withAnyBroker(brokers, (connection) => fetchTopics(connection, null), countLimitMs)
  const own = topics.filter(({ name }) => name && !isInternalTopic(name))
  return { topicCount: own.length, partitionCount: sum(own.map(({ partitions }) => partitions.length)) }
}

type Ask = (connection: Connection) => Promise<number>

/** Nothing where one of them does not tell. */
async function sumOver(brokers: BrokerEndpoint[], ask: Ask): Promise<number | undefined> {
  return await Promise.all(brokers.map((broker) => withBroker(broker, limitMs, ask))).then(sum, () => undefined)
}

const groupsOn: Ask = async (connection) => (await listGroupsV5.api.async(connection, [], [])).groups.length

const bytesOn: Ask = async (connection) => {
  const { results } = await describeLogDirsV4.api.async(connection, null)
  const partitions = results.flatMap(({ topics }) => topics.flatMap((topic) => topic.partitions))
  return sum(partitions.map(({ partitionSize }) => Number(partitionSize)))
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
