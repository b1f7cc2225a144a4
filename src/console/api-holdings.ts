import type { ApiSchemas } from '../client/client.ts'
import type { AclResourceType, AclSubject } from '../domain/acl.ts'
import type { AclSort } from '../domain/acl-search.ts'
import { answerOf, client } from './api.ts'
import type { GroupSort, TopicSort, UserSort } from './holding-search.ts'

/** Requests about what an Instance holds: topics, users, access rules and consumer groups. */
export type TopicsQuery = {
  keyword?: string
  internal?: boolean
  sort?: TopicSort
  desc?: boolean
  page?: number
  size?: number
}
type NamedQuery = { keyword?: string; desc?: boolean; page?: number; size?: number }
export type UsersQuery = NamedQuery & { sort?: UserSort }
export type GroupsQuery = NamedQuery & { sort?: GroupSort }
export type AclsQuery = {
  exactUser?: string
  fuzzyResourceName?: string
  resourceType?: AclResourceType
  permissionType?: AclSubject['permissionType']
  sort?: AclSort
  desc?: boolean
  page?: number
  size?: number
}

/** In one answer, and in one request. */
const mostAcls = 200

const key = (idempotencyKey: string) => ({ 'Idempotency-Key': idempotencyKey })
const word = (flag: boolean) => (flag ? ('true' as const) : ('false' as const))
const ordered = <Q extends { desc?: boolean }>({ desc, ...query }: Q) => ({
  ...query,
  ...(desc !== undefined && { desc: word(desc) }),
})

export const holdings = {
  topics: (instanceId: string, { internal, ...query }: TopicsQuery) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/topics', {
        params: {
          path: { instanceId },
          query: {
            ...ordered(query),
            ...(internal !== undefined && { internal: word(internal) }),
          },
        },
      }),
    ),
  topic: (instanceId: string, topicId: string) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/topics/{topicId}', { params: { path: { instanceId, topicId } } }),
    ),
  partitions: (instanceId: string, topicId: string) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/topics/{topicId}/partitions', {
        params: { path: { instanceId, topicId } },
      }),
    ),
  topicSettings: (instanceId: string, topicId: string) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/topics/{topicId}/settings', {
        params: { path: { instanceId, topicId } },
      }),
    ),
  createTopic: (instanceId: string, body: ApiSchemas['NewTopic'], idempotencyKey: string) =>
    answerOf(
      client.POST('/api/v1/instances/{instanceId}/topics', {
        params: { path: { instanceId }, header: key(idempotencyKey) },
        body,
      }),
    ),
  growTopic: (instanceId: string, topicId: string, partition: number) =>
    answerOf(
      client.PATCH('/api/v1/instances/{instanceId}/topics/{topicId}/partition-counts', {
        params: { path: { instanceId, topicId } },
        body: { partition },
      }),
    ),
  configureTopic: (instanceId: string, topicId: string, body: ApiSchemas['TopicConfigs']) =>
    answerOf(
      client.PATCH('/api/v1/instances/{instanceId}/topics/{topicId}/configurations', {
        params: { path: { instanceId, topicId } },
        body,
      }),
    ),
  deleteTopic: (instanceId: string, topicId: string) =>
    answerOf(
      client.DELETE('/api/v1/instances/{instanceId}/topics/{topicId}', { params: { path: { instanceId, topicId } } }),
    ),

  users: (instanceId: string, query: UsersQuery) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/users', { params: { path: { instanceId }, query: ordered(query) } }),
    ),
  createUser: (instanceId: string, body: ApiSchemas['NewUser'], idempotencyKey: string) =>
    answerOf(
      client.POST('/api/v1/instances/{instanceId}/users', {
        params: { path: { instanceId }, header: key(idempotencyKey) },
        body,
      }),
    ),
  rotatePassword: (instanceId: string, userName: string, body: ApiSchemas['NewUserPassword']) =>
    answerOf(
      client.POST('/api/v1/instances/{instanceId}/users/{userName}:rotate', {
        params: { path: { instanceId, userName } },
        body,
      }),
    ),
  deleteUser: (instanceId: string, userName: string) =>
    answerOf(
      client.DELETE('/api/v1/instances/{instanceId}/users/{userName}', { params: { path: { instanceId, userName } } }),
    ),

  acls: (instanceId: string, { resourceType, ...query }: AclsQuery) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/acls', {
        params: {
          path: { instanceId },
          query: { ...ordered(query), ...(resourceType && { resourceTypes: [resourceType] }) },
        },
      }),
    ),
  /** All rules of a user, page by page. */
  aclsOf: async (instanceId: string, exactUser: string) => {
    const rules: ApiSchemas['AclBinding'][] = []
    for (let page = 1; ; page++) {
      const { list, totalPage } = await holdings.acls(instanceId, { exactUser, page, size: mostAcls })
      rules.push(...list)
      if (page >= totalPage) return rules
    }
  },
  createAcls: (instanceId: string, body: ApiSchemas['AclParams']) =>
    answerOf(client.POST('/api/v1/instances/{instanceId}/acls', { params: { path: { instanceId } }, body })),
  deleteAcls: async (instanceId: string, rules: ApiSchemas['AclParam'][]) => {
    for (let from = 0; from < rules.length; from += mostAcls) {
      const body = { params: rules.slice(from, from + mostAcls) }
      await answerOf(
        client.POST('/api/v1/instances/{instanceId}/acls/batch:delete', { params: { path: { instanceId } }, body }),
      )
    }
  },

  groups: (instanceId: string, query: GroupsQuery) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/groups', { params: { path: { instanceId }, query: ordered(query) } }),
    ),
  group: (instanceId: string, groupId: string) =>
    answerOf(
      client.GET('/api/v1/instances/{instanceId}/groups/{groupId}', { params: { path: { instanceId, groupId } } }),
    ),
  planReset: (instanceId: string, groupId: string, body: ApiSchemas['OffsetReset']) =>
    answerOf(
      client.POST('/api/v1/instances/{instanceId}/groups/{groupId}:reset', {
        params: { path: { instanceId, groupId }, query: { dryRun: 'true' } },
        body,
      }),
    ),
  resetGroup: (instanceId: string, groupId: string, body: ApiSchemas['OffsetReset']) =>
    answerOf(
      client.POST('/api/v1/instances/{instanceId}/groups/{groupId}:reset', {
        params: { path: { instanceId, groupId } },
        body,
      }),
    ),
  deleteGroup: (instanceId: string, groupId: string) =>
    answerOf(
      client.DELETE('/api/v1/instances/{instanceId}/groups/{groupId}', { params: { path: { instanceId, groupId } } }),
    ),
}
