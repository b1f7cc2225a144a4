import { AppError } from '../../domain/errors.ts'
import { lagOf } from '../../domain/consumer-group.ts'
import { partitionKey } from '../../domain/topic.ts'
import type { ClusterResources, GroupStanding, GroupSummary } from '../../kafka/resources.ts'
import type { Found, HeldGroup, Look } from './simulated-holdings.ts'

type Groups = Pick<
  ClusterResources,
  'listGroups' | 'groupStandings' | 'findGroup' | 'groupOffsets' | 'offsetsAt' | 'commitOffsets' | 'deleteGroup'
>

export const simulatedGroups = (look: Look): Groups => ({
  listGroups: () =>
    look((found) =>
      [...found.holdings.groups.values()]
        .map((group) => summaryOf(group, found))
        .toSorted((one, other) => (one.groupId < other.groupId ? -1 : 1)),
    ),
  groupStandings: (groups) =>
    look(
      (found) => new Map(groups.map(({ groupId }) => [groupId, standingOf(found.holdings.groups.get(groupId), found)])),
    ),
  findGroup: (groupId) =>
    look((found) => {
      const group = found.holdings.groups.get(groupId)
      return group && { ...summaryOf(group, found), members: group.members }
    }),
  groupOffsets: (groupId) =>
    look(({ holdings }) => {
      const { committed, members } = holdings.groups.get(groupId) ?? {
        committed: new Map<string, number>(),
        members: [],
      }
      const topics = new Set(members.flatMap(({ assignments }) => assignments.map(({ topic }) => topic)))
      return [...holdings.topics.values()].flatMap(({ name, places, records }) =>
        places
          .map(({ partition }) => ({ topic: name, partition }))
          .filter((place) => topics.has(name) || committed.has(partitionKey(place)))
          .map((place) => ({
            ...place,
            committed: committed.get(partitionKey(place)) ?? null,
            start: 0,
            end: records,
          })),
      )
    }),
  // Records have no times here: all of them are older than any.
  offsetsAt: (partitions) => look(() => new Map(partitions.map((one) => [partitionKey(one), null]))),
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

const summaryOf = ({ groupId, members }: HeldGroup, { up }: Found): GroupSummary => ({
  groupId,
  state: members.length > 0 ? 'Stable' : 'Empty',
  type: 'classic',
  coordinator: up[0] ?? -1,
})

function standingOf(group: HeldGroup | undefined, { holdings }: Found): GroupStanding {
  const places = [...(group?.committed ?? [])].map(([key, committed]) => {
    const topic = holdings.topics.get(key.slice(0, key.lastIndexOf(' ')))
    return topic ? (lagOf({ committed, start: 0, end: topic.records }) ?? 0) : 0
  })
  return { members: group?.members.length ?? 0, lag: places.reduce((sum, lag) => sum + lag, 0) }
}

function refuseInUse(group: HeldGroup | undefined): void {
  if (!group || group.members.length === 0) return
  const message = `Members read in the group ${group.groupId} now. Stop them first.`
  throw new AppError('conflict', 'Group.InUse', message)
}
