import { describeClusterV1, describeQuorumV1 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import type { Observation, PartitionState } from '../domain/observation.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { fetchTopics } from './metadata.ts'

/**
 * Gathers what `domain/rolling.ts` judges. Every broker is asked for its own view, all at once and briefly, so one that hangs
 * costs only its own view. Partitions and quorum then come from the first that can tell both; none can: no quorum.
 */
export async function observe(brokers: BrokerEndpoint[]): Promise<Observation> {
  const views = await Promise.all(brokers.map(viewOf))
  const answering = brokers.filter((_, index) => views[index]!.sees !== null)
  for (const broker of answering.slice(0, witnessesTried)) {
    const state = await withBroker(broker, stateLimitMs, clusterState).catch(() => undefined)
    if (state) return { views, ...state }
  }
  return { views, partitions: [], quorum: null }
}

const viewLimitMs = 1_500
const stateLimitMs = 2_000
const witnessesTried = 2

type View = Observation['views'][number]

async function viewOf(broker: BrokerEndpoint): Promise<View> {
  const { kafkaId } = broker
  try {
    const answer = await withBroker(broker, viewLimitMs, (connection) => {
      return describeClusterV1.api.async(connection, false, brokersOnly)
    })
    return { kafkaId, sees: answer.brokers.map(({ brokerId }) => brokerId), problem: null }
  } catch (error) {
    return { kafkaId, sees: null, problem: error instanceof Error ? error.message.replace(/\.$/, '') : String(error) }
  }
}

const brokersOnly = 1

async function clusterState(connection: Connection): Promise<Pick<Observation, 'partitions' | 'quorum'>> {
  const [partitions, quorum] = await Promise.all([allPartitions(connection), quorumState(connection)])
  return { partitions, quorum }
}

async function allPartitions(connection: Connection): Promise<PartitionState[]> {
  const topics = await fetchTopics(connection, null)
  return topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({
      topic: name ?? '',
      partition: partition.partitionIndex,
      leader: partition.leaderId,
      replicas: partition.replicaNodes,
      inSync: partition.isrNodes,
    })),
  )
}

async function quorumState(connection: Connection): Promise<Observation['quorum']> {
  const asked = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
  const answer = await describeQuorumV1.api.async(connection, asked)
  const state = answer.topics[0]?.partitions[0]
  const leader = state?.currentVoters.find(({ replicaId }) => replicaId === state.leaderId)
  if (!state || !leader) return null
  const voters = state.currentVoters.map(({ replicaId, logEndOffset }) => {
    return { kafkaId: replicaId, lag: Number(leader.logEndOffset - logEndOffset) }
  })
  return { leaderId: state.leaderId, voters }
}
