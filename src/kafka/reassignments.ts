import {
  alterPartitionReassignmentsV0,
  createAPI,
  listPartitionReassignmentsV0,
  Writer,
  type Reader,
} from '@platformatic/kafka'
import { refuse, withAnyBroker, type KafkaAnswer } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint, PartitionId, Reassignment } from './cluster.ts'

/** Replicas on the move, and leaders back to where they belong. */
const timeoutMs = 10_000

type Wanted = PartitionId & { to: number[] | null }

export const reassign = (brokers: BrokerEndpoint[], moves: (PartitionId & { to: number[] })[]): Promise<void> =>
  alter(brokers, moves)

/** What was on its way stays where it was. None on its way is success. */
export const cancelReassignments = (brokers: BrokerEndpoint[], partitions: PartitionId[]): Promise<void> =>
  alter(
    brokers,
    partitions.map(({ topic, partition }) => ({ topic, partition, to: null })),
  )

const noReassignmentInProgress = 85
const unknownPartition = 3

async function alter(brokers: BrokerEndpoint[], wanted: Wanted[]): Promise<void> {
  if (wanted.length === 0) return
  const topics = [...Map.groupBy(wanted, ({ topic }) => topic)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, to }) => ({ partitionIndex: partition, replicas: to })),
  }))
  await withAnyBroker(brokers, async (connection) => {
    const asked = alterPartitionReassignmentsV0.api.async(connection, timeoutMs, true, topics)
    const answer = await asked.catch(
      (error: unknown) => responseOf(error) as alterPartitionReassignmentsV0.AlterPartitionReassignmentsResponse,
    )
    const parts: KafkaAnswer[] = [answer, ...answer.responses.flatMap(({ partitions }) => partitions)]
    // A topic that was deleted meanwhile has nothing to move.
    const harmless = [0, noReassignmentInProgress, unknownPartition]
    const refused = parts.find(({ errorCode }) => !harmless.includes(errorCode))
    if (refused) throw refuse('move partitions', 'Kafka.MoveRefused', refused)
  })
}

export async function listReassignments(brokers: BrokerEndpoint[]): Promise<Reassignment[]> {
  const { topics } = await withAnyBroker(brokers, (connection) =>
    listPartitionReassignmentsV0.api.async(connection, timeoutMs, null),
  )
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
      topic: name,
      partition: partitionIndex,
      replicas,
      adding: addingReplicas,
      removing: removingReplicas,
    })),
  )
}

const preferred = 0

type Elections = KafkaAnswer & { results: (PartitionId & { errorCode: number })[] }

/** ElectLeaders (key 43), which the client lacks. */
const electLeaders = createAPI<[PartitionId[]], Elections>(
  43,
  2,
  (partitions: PartitionId[]) =>
    Writer.create()
      .appendInt8(preferred)
      .appendArray([...Map.groupBy(partitions, ({ topic }) => topic)], appendTopic)
      .appendInt32(timeoutMs)
      .appendTaggedFields(),
  (...[, , , reader]) => {
    reader.readInt32()
    const errorCode = reader.readInt16()
    return { errorCode, results: reader.readArray(readTopic).flat() }
  },
)

const readTopic = (reader: Reader) => {
  const topic = reader.readString()
  return reader.readArray((one) => {
    const [partition, errorCode] = [one.readInt32(), one.readInt16()]
    one.readNullableString()
    return { topic, partition, errorCode }
  })
}

function appendTopic(writer: Writer, [topic, partitions]: [string, PartitionId[]]): void {
  const appendOne = (one: Writer, { partition }: PartitionId) => void one.appendInt32(partition)
  writer.appendString(topic).appendArray(partitions, appendOne, true, false)
}

const electionNotNeeded = 84

export async function electPreferredLeaders(
  brokers: BrokerEndpoint[],
  partitions: PartitionId[],
): Promise<PartitionId[]> {
  return await withAnyBroker(brokers, async (connection) => {
    const answer = await electLeaders.async(connection, partitions)
    const harmless = [0, electionNotNeeded, unknownPartition]
    if (!harmless.includes(answer.errorCode)) throw refuse('elect leaders', 'Kafka.ElectionRefused', answer)
    return answer.results.filter(({ errorCode }) => !harmless.includes(errorCode))
  })
}
