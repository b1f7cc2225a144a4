import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ApiSchemas } from '../client/client.ts'
import { holdings, type AclsQuery, type GroupsQuery, type TopicsQuery, type UsersQuery } from './api-holdings.ts'

/**
 * What an Instance holds, as Kafka tells it. Nobody tells when clients write, read or make topics, so what moves by itself is
 * asked for again now and then, while somebody looks.
 */
const movesMs = 5_000
const changesMs = 15_000

export const holdingQueries = {
  topics: (id: string, query: TopicsQuery) =>
    queryOptions({
      queryKey: ['instance', id, 'topics', query],
      queryFn: () => holdings.topics(id, query),
      placeholderData: keepPreviousData,
      // It takes two looks to tell how fast a topic grows: the second comes soon.
      refetchInterval: ({ state }) =>
        state.data?.list.some(({ messagesPerSecond }) => messagesPerSecond === null) ? movesMs : changesMs,
    }),
  topic: (id: string, topicId: string) =>
    queryOptions({
      queryKey: ['instance', id, 'topic', topicId],
      queryFn: () => holdings.topic(id, topicId),
      refetchInterval: changesMs,
    }),
  partitions: (id: string, topicId: string) =>
    queryOptions({
      queryKey: ['instance', id, 'topic', topicId, 'partitions'],
      queryFn: () => holdings.partitions(id, topicId),
      refetchInterval: movesMs,
    }),
  topicSettings: (id: string, topicId: string) =>
    queryOptions({
      queryKey: ['instance', id, 'topic', topicId, 'settings'],
      queryFn: () => holdings.topicSettings(id, topicId),
    }),

  users: (id: string, query: UsersQuery) =>
    queryOptions({
      queryKey: ['instance', id, 'users', query],
      queryFn: () => holdings.users(id, query),
      placeholderData: keepPreviousData,
    }),
  acls: (id: string, query: AclsQuery) =>
    queryOptions({
      queryKey: ['instance', id, 'acls', query],
      queryFn: () => holdings.acls(id, query),
      placeholderData: keepPreviousData,
    }),

  aclsOf: (id: string, user: string) =>
    queryOptions({ queryKey: ['instance', id, 'acls', 'of', user], queryFn: () => holdings.aclsOf(id, user) }),

  groups: (id: string, query: GroupsQuery) =>
    queryOptions({
      queryKey: ['instance', id, 'groups', query],
      queryFn: () => holdings.groups(id, query),
      placeholderData: keepPreviousData,
      refetchInterval: movesMs,
    }),
  group: (id: string, groupId: string) =>
    queryOptions({
      queryKey: ['instance', id, 'group', groupId],
      queryFn: () => holdings.group(id, groupId),
      refetchInterval: movesMs,
    }),
  planReset: (id: string, groupId: string, body: ApiSchemas['OffsetReset'] | null) =>
    queryOptions({
      queryKey: ['plan', 'reset', id, groupId, body],
      queryFn: () => (body ? holdings.planReset(id, groupId, body) : null),
      enabled: body !== null,
      placeholderData: keepPreviousData,
      retry: false,
      gcTime: 0,
    }),
}
