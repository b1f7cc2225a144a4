import { AppError } from '../../domain/errors.ts'
import type { GroupOffset } from '../../domain/consumer-group.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { ClusterResources, Group, GroupStanding, GroupSummary } from '../../kafka/resources.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { ServiceContext } from '../context.ts'

export type { Group, GroupSummary } from '../../kafka/resources.ts'

export type ListedGroup = GroupSummary & GroupStanding

export const groupSorts = ['name', 'state', 'type', 'members', 'lag'] as const

export type GroupQuestion = {
  instanceId: InstanceId
  /** Part of a name; the group that is called so comes first. */
  keyword?: string | undefined
  sort: (typeof groupSorts)[number]
  desc: boolean
  page: number
  size: number
}

export type GroupListing = { total: number; list: ListedGroup[]; problem: string | null }

/** Kafka is asked where the groups of the page stand, and where all stand only when that decides which they are. */
export async function readGroups(context: ServiceContext, question: GroupQuestion): Promise<GroupListing> {
  const { instanceId, keyword = '', sort, page, size } = question
  const cluster = await openCluster(context, instanceId)
  const { groups, problem } = await cluster.listGroups()
  const found = groups.filter(({ groupId }) => groupId.includes(keyword))
  const onPage = <T>(sorted: T[]) => sorted.slice((page - 1) * size, page * size)
  const standing = async (some: GroupSummary[]): Promise<ListedGroup[]> => {
    const standings = await cluster.groupStandings(some)
    return some.map((group) => ({ ...group, ...(standings.get(group.groupId) ?? unknownStanding) }))
  }
  const inOrder = orderOf(question)
  const list =
    sort === 'members' || sort === 'lag'
      ? onPage((await standing(found)).toSorted(inOrder))
      : await standing(onPage(found.map((group) => ({ ...group, ...unknownStanding })).toSorted(inOrder)))
  return { total: found.length, list, problem }
}

const measures: Record<GroupQuestion['sort'], (group: ListedGroup) => string | number> = {
  name: ({ groupId }) => groupId,
  state: ({ state }) => state,
  type: ({ type }) => type,
  members: ({ members }) => members ?? -1,
  lag: ({ lag }) => lag ?? -1,
}

function orderOf({ sort, desc, keyword }: GroupQuestion) {
  const compare = (one: string | number, other: string | number) => (one === other ? 0 : one < other ? -1 : 1)
  const inOrder = (one: ListedGroup, other: ListedGroup) =>
    compare(measures[sort](one), measures[sort](other)) || compare(one.groupId, other.groupId)
  return (one: ListedGroup, other: ListedGroup): number => {
    if (one.groupId === keyword || other.groupId === keyword) return one.groupId === keyword ? -1 : 1
    return desc ? inOrder(other, one) : inOrder(one, other)
  }
}

const unknownStanding: GroupStanding = { members: null, lag: null }

export type GroupReading = { group: Group; offsets: GroupOffset[] }

/** Throws `not-found` (`Group.NotFound`). */
export async function readGroup(
  context: ServiceContext,
  instanceId: InstanceId,
  groupId: string,
): Promise<GroupReading> {
  return await getGroup(await openCluster(context, instanceId), groupId)
}

export async function getGroup(cluster: ClusterResources, groupId: string): Promise<GroupReading> {
  const group = await cluster.findGroup(groupId)
  if (!group) throw new AppError('not-found', 'Group.NotFound', `There is no consumer group ${groupId}.`)
  return { group, offsets: await cluster.groupOffsets(groupId) }
}
