import { consumerGroupDescribeV0, describeGroupsV5, listGroupsV5 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { toAppError } from '../domain/errors.ts'
import { refuse, type KafkaAnswer } from './any-broker.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { withCoordinator } from './group-coordinator.ts'
import { readAssignments } from './member-assignments.ts'
import type { Group, GroupMember, GroupSummary } from './resources.ts'

/** Looks at consumer groups. Each broker knows those that it looks after. */
const limitMs = 5_000

export async function listGroups(
  brokers: BrokerEndpoint[],
): Promise<{ groups: GroupSummary[]; problem: string | null }> {
  const troubles: unknown[] = []
  const shares = await Promise.all(
    brokers.map((broker) => groupsOf(broker).catch((error) => void troubles.push(error))),
  )
  const told = shares.filter((groups) => groups !== undefined)
  if (told.length === 0) throw troubles[0]
  // Groups of a broker that is away are looked after by another soon.
  const missing = `Groups that ${troubles.length === 1 ? 'it looks' : 'they look'} after are missing.`
  const words = troubles.map((trouble) => toAppError(trouble).message)
  return {
    groups: told.flat().toSorted((one, other) => (one.groupId < other.groupId ? -1 : 1)),
    problem: words.length === 0 ? null : [...words, missing].join(' '),
  }
}

async function groupsOf(broker: BrokerEndpoint): Promise<GroupSummary[]> {
  const { groups } = await withBroker(broker, limitMs, (connection) => listGroupsV5.api.async(connection, [], []))
  return groups.map(({ groupId, groupState, groupType }) => ({
    groupId,
    state: groupState,
    type: groupType.toLowerCase(),
    coordinator: broker.kafkaId,
  }))
}

/** Nothing: Kafka knows of no such group. */
export async function findGroup(brokers: BrokerEndpoint[], groupId: string): Promise<Group | undefined> {
  return await withCoordinator(brokers, groupId, async (connection, coordinator) => {
    const { groups } = await listGroupsV5.api.async(connection, [], [])
    const listed = groups.find((group) => group.groupId === groupId)
    if (!listed) return undefined
    const type = listed.groupType.toLowerCase()
    const members = (await readers[type]?.(connection, groupId)) ?? null
    return { groupId, state: listed.groupState, type, coordinator: coordinator.kafkaId, members }
  })
}

/** By the type of a group; share and streams groups have requests of their own, and no offsets that can be moved from here. */
const readers: Record<string, (connection: Connection, groupId: string) => Promise<GroupMember[]>> = {
  classic: classicMembers,
  consumer: membersOf,
}

async function classicMembers(connection: Connection, groupId: string): Promise<GroupMember[]> {
  const asked = describeGroupsV5.api.async(connection, [groupId], false)
  const answer = await asked.catch((error: unknown) => responseOf(error) as describeGroupsV5.DescribeGroupsResponse)
  return toldBy(answer.groups, groupId).members.map(
    ({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      instanceId: groupInstanceId ?? null,
      clientId,
      host: plainHost(clientHost),
      assignments: readAssignments(memberAssignment),
    }),
  )
}

/** Groups of KIP-848 are told of by a request of their own. */
async function membersOf(connection: Connection, groupId: string): Promise<GroupMember[]> {
  const asked = consumerGroupDescribeV0.api.async(connection, [groupId], false)
  const answer = await asked.catch(
    (error: unknown) => responseOf(error) as consumerGroupDescribeV0.ConsumerGroupDescribeResponse,
  )
  return toldBy(answer.groups, groupId).members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => ({
    memberId,
    instanceId: instanceId ?? null,
    clientId,
    host: plainHost(clientHost),
    assignments: assignment.topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions })),
  }))
}

/** A coordinator that still loads answers without members: that is not nobody. */
function toldBy<T extends KafkaAnswer>([group]: T[], groupId: string): T {
  if (group!.errorCode !== 0) throw refuse(`tell of the group ${groupId}`, 'Group.Refused', group!)
  return group!
}

/** Java writes an address with a slash before it. */
const plainHost = (host: string): string => host.replace(/^\//, '')
