import { deleteGroupsV2, offsetCommitV9, offsetFetchV9 } from '@platformatic/kafka'
import type { GroupOffset } from '../domain/consumer-group.ts'
import { AppError } from '../domain/errors.ts'
import { partitionKey } from '../domain/topic.ts'
import { refuse, type KafkaAnswer } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint, PartitionId } from './cluster.ts'
import { withCoordinator } from './group-coordinator.ts'
import { earliest, latest, offsetsOf, withLeaders } from './offsets.ts'

/** Where consumer groups stand, and moving them. */

/** As one who is no member. */
export const asNobody = { memberId: null, memberEpoch: -1 }
export const uncommitted = -1

export async function groupOffsets(brokers: BrokerEndpoint[], groupId: string): Promise<GroupOffset[]> {
  const committed = await fetchCommitted(brokers, groupId)
  const led = await withLeaders(brokers, committed)
  const [starts, ends] = await Promise.all([offsetsOf(brokers, led, earliest), offsetsOf(brokers, led, latest)])
  return led
    .map(({ leader: _leader, ...one }) => {
      const key = partitionKey(one)
      return { ...one, start: starts.get(key) ?? null, end: ends.get(key) ?? null }
    })
    .toSorted((one, other) =>
      one.topic === other.topic ? one.partition - other.partition : one.topic < other.topic ? -1 : 1,
    )
}

type Committed = PartitionId & { committed: number | null }

async function fetchCommitted(brokers: BrokerEndpoint[], groupId: string): Promise<Committed[]> {
  const topics = await withCoordinator(brokers, groupId, async (connection) => {
    const asked = offsetFetchV9.api.async(connection, [{ groupId, ...asNobody, topics: null }], false)
    const answer = await asked.catch((error: unknown) => responseOf(error) as offsetFetchV9.OffsetFetchResponse)
    const group = answer.groups[0]!
    if (group.errorCode !== 0) throw refuse(`tell of the group ${groupId}`, 'Group.Refused', group)
    return group.topics
  })
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset }) => ({
      topic: name,
      partition: partitionIndex,
      committed: Number(committedOffset) === uncommitted ? null : Number(committedOffset),
    })),
  )
}

/** From outside, without a member: Kafka takes that only of a group that nobody reads in. */
const fromOutside = -1

export async function commitOffsets(
  brokers: BrokerEndpoint[],
  groupId: string,
  offsets: (PartitionId & { offset: number })[],
): Promise<void> {
  if (offsets.length === 0) return
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
    })),
  }))
  await withCoordinator(brokers, groupId, async (connection) => {
    const asked = offsetCommitV9.api.async(connection, groupId, fromOutside, '', null, topics)
    const answer = await asked.catch((error: unknown) => responseOf(error) as offsetCommitV9.OffsetCommitResponse)
    refuseAny(
      groupId,
      answer.topics.flatMap(({ partitions }) => partitions),
    )
  })
}

const unknownMember = 25
const staleEpoch = 113
const nonEmpty = 68
const unknownGroup = 69

function refuseAny(groupId: string, parts: KafkaAnswer[]): void {
  if (parts.some(({ errorCode }) => [unknownMember, staleEpoch, nonEmpty].includes(errorCode))) {
    const message = `Members read in the group ${groupId} now. Stop them first.`
    throw new AppError('conflict', 'Group.InUse', message)
  }
  const refused = parts.find(({ errorCode }) => errorCode !== 0 && errorCode !== unknownGroup)
  if (refused) throw refuse(`change the group ${groupId}`, 'Group.Refused', refused)
}

export async function deleteGroup(brokers: BrokerEndpoint[], groupId: string): Promise<void> {
  await withCoordinator(brokers, groupId, async (connection) => {
    const asked = deleteGroupsV2.api.async(connection, [groupId])
    const answer = await asked.catch((error: unknown) => responseOf(error) as deleteGroupsV2.DeleteGroupsResponse)
    refuseAny(groupId, answer.results)
  })
}
