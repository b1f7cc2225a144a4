import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { deleteGroup, planReset, resetGroup } from '../../services/groups/change-groups.ts'
import { groupSorts, readGroup, readGroups } from '../../services/groups/read-groups.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type AnyRoute } from '../route.ts'
import { flag, listOf, pageView, pagingQuery } from '../views/shapes.ts'
import {
  GroupShape,
  groupView,
  ListedGroupShape,
  listedGroupView,
  Reset,
  ResetShape,
  resetView,
  targetFrom,
} from './shapes.ts'

/** Consumer groups: who reads, how far they are, and taking them elsewhere. */
const path = '/instances/{instanceId}/groups'
const onePath = `${path}/{groupId}`
const names = ['groupId']

const groupOf = ({ instanceId, groupId }: Record<string, string>) => ({
  instanceId: instanceId as InstanceId,
  groupId: groupId!,
})

const GroupList = listOf(ListedGroupShape).extend({
  problem: z.string().nullable().openapi({ description: 'Why groups may be missing; null: none is' }),
})

const list = defineRoute({
  method: 'get',
  path,
  summary: 'List consumer groups, with members and lag',
  permission: 'group:read',
  query: z.strictObject({
    ...pagingQuery,
    keyword: z.string().max(256, 'A keyword has at most 256 characters.').optional(),
    sort: z.enum(groupSorts, `Sort by one of ${groupSorts.join(', ')}.`).default('name'),
    desc: flag.optional(),
  }),
  answers: { 200: GroupList },
  async handle({ world, params, query }) {
    const question = { ...query, desc: query.desc ?? false, instanceId: params.instanceId as InstanceId }
    const { total, list: groups, problem } = await readGroups(world, question)
    return { status: 200, body: { ...pageView(query, total, groups.map(listedGroupView)), problem } }
  },
})

const get = defineRoute({
  method: 'get',
  path: onePath,
  summary: 'A consumer group with its members, and its lag in each partition',
  permission: 'group:read',
  names,
  answers: { 200: GroupShape },
  async handle({ world, params }) {
    const { instanceId, groupId } = groupOf(params)
    return { status: 200, body: groupView(await readGroup(world, instanceId, groupId)) }
  },
})

const reset = defineRoute({
  method: 'post',
  path: `${onePath}:reset`,
  summary: 'Move a consumer group whose members have stopped; dryRun=true only tells where it would go',
  permission: 'group:manage',
  names,
  query: z.strictObject({ dryRun: flag.optional() }),
  body: Reset,
  answers: { 200: ResetShape },
  async handle({ world, params, query, body, caller, once }) {
    const { target, topic, partitions } = body
    const wish = { ...groupOf(params), target: targetFrom(target), scope: { topic, partitions } }
    if (query.dryRun) {
      const { moves, why } = await planReset(world, wish)
      return { status: 200, body: resetView(moves, why) }
    }
    const { moves, isRepeat } = await resetGroup(world, { ...wish, actor: caller.actor, once })
    return { status: 200, body: resetView(moves, null), headers: repeatHeader(isRepeat) }
  },
})

const remove = defineRoute({
  method: 'delete',
  path: onePath,
  summary: 'Delete a consumer group with its offsets; gone already is success',
  permission: 'group:manage',
  mayRepeat: () => true,
  names,
  answers: { 204: null },
  async handle({ world, params, caller }) {
    await deleteGroup(world, { ...groupOf(params), actor: caller.actor })
    return { status: 204 }
  },
})

export const groupRoutes: readonly AnyRoute[] = [list, get, reset, remove]
