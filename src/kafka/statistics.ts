import { describeLogDirsV4, listGroupsV5 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { isInternalTopic } from '../domain/topic.ts'
import { withAnyBroker } from './any-broker.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, ClusterStatistics } from './cluster.ts'
import { inTurn } from './in-turn.ts'
import { fetchTopics } from './metadata.ts'

/**
 * Counts of the team's own topics, partitions and groups, without Kafka's and Millrace's; bytes are of everything on disk. Each
 * broker knows its own disk and the groups that it coordinates: of what one does not tell there is no sum.
 */
export async function statistics(brokers: BrokerEndpoint[]): Promise<ClusterStatistics> {
  const [counts, told] = await Promise.all([
    topicCounts(brokers),
    inTurn(brokers, (broker) => Promise.all([numberAt(broker, groupsOn), numberAt(broker, bytesOn)])),
  ])
  const groups = sumOf(told.map(([number]) => number))
  const bytes = sumOf(told.map(([, number]) => number))
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

/** Nothing where it does not tell. */
const numberAt = (broker: BrokerEndpoint, ask: Ask): Promise<number | undefined> =>
  withBroker(broker, limitMs, ask).catch(() => undefined)

/** Nothing where one of them is missing. */
const sumOf = (numbers: (number | undefined)[]): number | undefined =>
  numbers.every((number) => number !== undefined) ? sum(numbers) : undefined

const groupsOn: Ask = async (connection) => (await listGroupsV5.api.async(connection, [], [])).groups.length

const bytesOn: Ask = async (connection) => {
  const { results } = await describeLogDirsV4.api.async(connection, null)
  const partitions = results.flatMap(({ topics }) => topics.flatMap((topic) => topic.partitions))
  return sum(partitions.map(({ partitionSize }) => Number(partitionSize)))
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
