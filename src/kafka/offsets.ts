import { listOffsetsV8 } from '@platformatic/kafka'
import { partitionKey } from '../domain/topic.ts'
import { withAnyBroker } from './any-broker.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, PartitionId } from './cluster.ts'
import { fetchTopics } from './metadata.ts'

/** The protocol's words for the first record that is there, and for the next to come. */
export const earliest = -2n
export const latest = -1n

const limitMs = 5_000
const ofAClient = -1
const everyRecord = 0
const anyEpoch = -1

type Led = PartitionId & { leader: number }

/** By `partitionKey`. Only a leader tells of its partitions: those of one that does not answer, or that nobody leads, are absent. */
export async function offsetsOf(
  brokers: BrokerEndpoint[],
  partitions: Led[],
  timestamp: bigint,
): Promise<Map<string, number>> {
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader)
  const answers = await Promise.all(
    brokers.map((broker) => offsetsOn(broker, byLeader.get(broker.kafkaId) ?? [], timestamp).catch(() => [])),
  )
  return new Map(answers.flat())
}

async function offsetsOn(broker: BrokerEndpoint, led: Led[], timestamp: bigint): Promise<[string, number][]> {
  if (led.length === 0) return []
  const topics = [...Map.groupBy(led, ({ topic }) => topic)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: anyEpoch, timestamp })),
  }))
  const answer = await withBroker(broker, limitMs, (connection) =>
    listOffsetsV8.api
      .async(connection, ofAClient, everyRecord, topics)
      .catch((error: unknown) => responseOf(error) as listOffsetsV8.ListOffsetsResponse),
  )
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode === 0)
      .map(({ partitionIndex, offset }): [string, number] => [
        partitionKey({ topic: name, partition: partitionIndex }),
        Number(offset),
      ]),
  )
}

const nobody = -1
const unknownTopic = 3

/** The same for partitions of which nobody has said who leads them. Those that are gone are left out. */
export async function withLeaders<T extends PartitionId>(
  brokers: BrokerEndpoint[],
  partitions: T[],
): Promise<(T & Led)[]> {
  if (partitions.length === 0) return []
  const names = [...new Set(partitions.map(({ topic }) => topic))]
  const told = await withAnyBroker(brokers, (connection) => fetchTopics(connection, names))
  const topics = new Map(
    told.map(({ name, errorCode, partitions: own }) => {
      const leaders = new Map(own.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]))
      return [name, { leaders, isWhole: errorCode === 0 || errorCode === unknownTopic }]
    }),
  )
  // Of a topic that was deleted, a group may still have offsets.
  return partitions.flatMap((one) => {
    const topic = topics.get(one.topic)
    const leader = topic?.leaders.get(one.partition)
    return leader === undefined && topic?.isWhole ? [] : [{ ...one, leader: leader ?? nobody }]
  })
}

const none = -1

/** The first record at or after the time, by `partitionKey`; null: there is none. Absent: its leader does not tell. */
export async function offsetsAt(
  brokers: BrokerEndpoint[],
  partitions: PartitionId[],
  at: Date,
): Promise<Map<string, number | null>> {
  const found = await offsetsOf(brokers, await withLeaders(brokers, partitions), BigInt(at.getTime()))
  return new Map([...found].map(([key, offset]) => [key, offset === none ? null : offset]))
}
