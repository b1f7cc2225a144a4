import { AppError } from '../../domain/errors.ts'
import type { GroupOffset } from '../../domain/consumer-group.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { ClusterResources, Group, GroupStanding, GroupSummary } from '../../kafka/resources.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { ServiceContext } from '../context.ts'

export type { Group, GroupSummary } from '../../kafka/resources.ts'

export type ListedGroup = GroupSummary & GroupStanding

export type GroupQuestion = { instanceId: InstanceId; keyword?: string | undefined; page: number; size: number }

export async function readGroups(
  context: ServiceContext,
  { instanceId, keyword = '', page, size }: GroupQuestion,
): Promise<{ total: number; list: ListedGroup[] }> {
  const cluster = await openCluster(context, instanceId)
  const found = (await cluster.listGroups()).filter(({ groupId }) => groupId.includes(keyword))
  const isExact = ({ groupId }: GroupSummary) => groupId === keyword
  const sorted = [...found.filter(isExact), ...found.filter((group) => !isExact(group))]
  const shown = sorted.slice((page - 1) * size, page * size)
  const standings = await cluster.groupStandings(shown)
  const list = shown.map((group) => ({ ...group, ...(standings.get(group.groupId) ?? unknownStanding) }))
  return { total: found.length, list }
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
