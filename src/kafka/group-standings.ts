import { consumerGroupDescribeV0, describeGroupsV5, offsetFetchV9 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { hasOffsets, lagOf } from '../domain/consumer-group.ts'
import { partitionKey } from '../domain/topic.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, PartitionId } from './cluster.ts'
import { asNobody, uncommitted } from './group-offsets.ts'
import { earliest, latest, offsetsOf, withLeaders } from './offsets.ts'
import type { GroupStanding, GroupSummary } from './resources.ts'

/**
 * Members and lag of a page of groups: three questions to each coordinator and two to each leader, however many groups.
 * Groups of a coordinator that does not answer are absent.
 */
export async function groupStandings(
  brokers: BrokerEndpoint[],
  groups: GroupSummary[],
): Promise<Map<string, GroupStanding>> {
  const byCoordinator = Map.groupBy(groups, ({ coordinator }) => coordinator)
  const told = await Promise.all(
    brokers.map((broker) => tellOf(broker, byCoordinator.get(broker.kafkaId) ?? []).catch(() => [])),
  )
  const lags = await lagsOf(
    brokers,
    told.flat().flatMap(({ places }) => places ?? []),
  )
  return new Map(
    told.flat().map(({ groupId, members, places }) => [groupId, { members, lag: places && sumOf(places.map(lags)) }]),
  )
}

const limitMs = 5_000

type Place = PartitionId & { committed: number }
/** Null places: the group has none, or the coordinator does not tell, as while it still loads what it has just taken over. */
type Told = { groupId: string; members: number | null; places: Place[] | null }

async function tellOf(broker: BrokerEndpoint, groups: GroupSummary[]): Promise<Told[]> {
  if (groups.length === 0) return []
  const ofType = (wanted: string) => groups.flatMap(({ groupId, type }) => (type === wanted ? [groupId] : []))
  return await withBroker(broker, limitMs, async (connection) => {
    const members = new Map([
      ...(await classicCounts(connection, ofType('classic'))),
      ...(await consumerCounts(connection, ofType('consumer'))),
    ])
    const places = await placesOf(connection, groups.filter(hasOffsets))
    return groups.map(({ groupId }) => ({
      groupId,
      members: members.get(groupId) ?? null,
      places: places.get(groupId) ?? null,
    }))
  })
}

async function classicCounts(connection: Connection, ids: string[]): Promise<[string, number][]> {
  if (ids.length === 0) return []
  const asked = describeGroupsV5.api.async(connection, ids, false)
  const answer = await asked.catch((error: unknown) => responseOf(error) as describeGroupsV5.DescribeGroupsResponse)
  return answer.groups
    .filter(({ errorCode }) => errorCode === 0)
    .map(({ groupId, members }): [string, number] => [groupId, members.length])
}

async function consumerCounts(connection: Connection, ids: string[]): Promise<[string, number][]> {
  if (ids.length === 0) return []
  const asked = consumerGroupDescribeV0.api.async(connection, ids, false)
  const answer = await asked.catch(
    (error: unknown) => responseOf(error) as consumerGroupDescribeV0.ConsumerGroupDescribeResponse,
  )
  return answer.groups
    .filter(({ errorCode }) => errorCode === 0)
    .map(({ groupId, members }): [string, number] => [groupId, members.length])
}

async function placesOf(connection: Connection, groups: GroupSummary[]): Promise<Map<string, Place[]>> {
  if (groups.length === 0) return new Map()
  const wanted = groups.map(({ groupId }) => ({ groupId, ...asNobody, topics: null }))
  const asked = offsetFetchV9.api.async(connection, wanted, false)
  const answer = await asked.catch((error: unknown) => responseOf(error) as offsetFetchV9.OffsetFetchResponse)
  const told = answer.groups.filter(({ errorCode }) => errorCode === 0)
  return new Map(
    told.map(({ groupId, topics }) => [
      groupId,
      topics.flatMap(({ name, partitions }) =>
        partitions
          .map(({ partitionIndex, committedOffset }) => ({
            topic: name,
            partition: partitionIndex,
            committed: Number(committedOffset),
          }))
          .filter(({ committed }) => committed !== uncommitted),
      ),
    ]),
  )
}

/** Of a partition that is gone there is nothing left to read; null where its leader does not tell. */
async function lagsOf(brokers: BrokerEndpoint[], places: Place[]): Promise<(place: Place) => number | null> {
  const distinct = new Map(
    places.map(({ topic, partition }) => [partitionKey({ topic, partition }), { topic, partition }]),
  )
  const led = await withLeaders(brokers, [...distinct.values()])
  const there = new Set(led.map(partitionKey))
  const [starts, ends] = await Promise.all([offsetsOf(brokers, led, earliest), offsetsOf(brokers, led, latest)])
  return (place) => {
    const key = partitionKey(place)
    if (!there.has(key)) return 0
    const [start, end] = [starts.get(key), ends.get(key)]
    return start === undefined || end === undefined ? null : lagOf({ committed: place.committed, start, end })
  }
}

/** Null: one of them is not known. */
const sumOf = (lags: (number | null)[]): number | null =>
  lags.reduce<number | null>((sum, lag) => (sum === null || lag === null ? null : sum + lag), 0)
