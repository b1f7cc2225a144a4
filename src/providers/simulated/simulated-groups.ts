import { AppError } from '../../domain/errors.ts'
import { hasOffsets, totalLag, type GroupOffset } from '../../domain/consumer-group.ts'
import { partitionKey } from '../../domain/topic.ts'
import type { ClusterResources, GroupStanding, GroupSummary } from '../../kafka/resources.ts'
import type { Found, HeldGroup, HeldTopic, Look } from './simulated-holdings.ts'

type Groups = Pick<
  ClusterResources,
  'listGroups' | 'groupStandings' | 'findGroup' | 'groupOffsets' | 'offsetsAt' | 'commitOffsets' | 'deleteGroup'
>

export const simulatedGroups = (look: Look): Groups => ({
  listGroups: () =>
    look((found) => ({
      groups: [...found.holdings.groups.values()]
        .map((group) => summaryOf(group, found))
        .toSorted((one, other) => (one.groupId < other.groupId ? -1 : 1)),
      problem: problemOf(found),
    })),
  groupStandings: (groups) =>
    look(
      (found) => new Map(groups.map(({ groupId }) => [groupId, standingOf(found.holdings.groups.get(groupId), found)])),
    ),
  findGroup: (groupId) =>
    look((found) => {
      const group = found.holdings.groups.get(groupId)
      return group && { ...summaryOf(group, found), members: group.members }
    }),
  groupOffsets: (groupId) => look((found) => offsetsIn(found.holdings.groups.get(groupId), found)),
  // Records have no times here: all of them are older than any.
  offsetsAt: (partitions) =>
    look((found) => {
      const led = partitions.filter((one) => endOf(found.holdings.topics.get(one.topic), one.partition, found) !== null)
      return new Map(led.map((one) => [partitionKey(one), null]))
    }),
  commitOffsets: (groupId, offsets) =>
    look(({ holdings }) => {
      const group = holdings.groups.get(groupId)
      refuseInUse(group)
      for (const { offset, ...place } of offsets) group?.committed.set(partitionKey(place), offset)
    }),
  deleteGroup: (groupId) =>
    look(({ holdings }) => {
      refuseInUse(holdings.groups.get(groupId))
      holdings.groups.delete(groupId)
    }),
})

const summaryOf = ({ groupId, type = 'classic', members }: HeldGroup, { up }: Found): GroupSummary => ({
  groupId,
  state: members && members.length > 0 ? 'Stable' : 'Empty',
  type,
  coordinator: up[0] ?? -1,
})

/** As of a node that looks after groups and does not answer; here another has them all already. */
function problemOf({ brokers, up }: Found): string | null {
  const mute = brokers.filter((kafkaId) => !up.includes(kafkaId))
  return mute.length === 0
    ? null
    : `Nodes that do not answer: ${mute.join(', ')}. Groups that they look after are missing.`
}

function offsetsIn(group: HeldGroup | undefined, found: Found): GroupOffset[] {
  const { committed = new Map<string, number>(), members } = group ?? {}
  const read = new Set(members?.flatMap(({ assignments }) => assignments.map(({ topic }) => topic)))
  return [...found.holdings.topics.values()].flatMap((topic) =>
    topic.places
      .map(({ partition }) => ({ topic: topic.name, partition }))
      .filter((place) => read.has(topic.name) || committed.has(partitionKey(place)))
      .map((place) => {
        const end = endOf(topic, place.partition, found)
        return { ...place, committed: committed.get(partitionKey(place)) ?? null, start: end && 0, end }
      }),
  )
}

/** Null: nobody leads. */
function endOf(topic: HeldTopic | undefined, partition: number, { up }: Found): number | null {
  const isLed = topic?.places[partition]?.replicas.some((kafkaId) => up.includes(kafkaId))
  return topic && isLed ? topic.records : null
}

const standingOf = (group: HeldGroup | undefined, found: Found): GroupStanding => ({
  members: group?.members?.length ?? null,
  lag: group && hasOffsets(summaryOf(group, found)) ? totalLag(offsetsIn(group, found)) : null,
})

function refuseInUse(group: HeldGroup | undefined): void {
  if (!group?.members?.length) return
  const message = `Members read in the group ${group.groupId} now. Stop them first.`
  throw new AppError('conflict', 'Group.InUse', message)
}
