import { aclPermissionTypes, aclResourceTypes, type AclResourceType, type AclSubject } from '../domain/acl.ts'
import { aclSorts, type AclSort } from '../domain/acl-search.ts'
import type { InstanceTab } from './paths.ts'
import { keywordOf, pageOf, type Raw } from './search-parts.ts'

/** What the addresses of topics, users, access rules and consumer groups hold. */
export const topicSorts = [
  'name',
  'partition',
  'size',
  'messagesPerSecond',
  'replicationFactor',
  'underReplicated',
  'retentionMs',
] as const
export type TopicSort = (typeof topicSorts)[number]

export const groupSorts = ['name', 'state', 'type', 'members', 'lag'] as const
export type GroupSort = (typeof groupSorts)[number]

const userSorts = ['name'] as const
export type UserSort = (typeof userSorts)[number]

type HoldingSort = TopicSort | GroupSort | UserSort | AclSort

export type HoldingSearch = {
  keyword?: string
  page?: number
  /** By the first that the tab knows, unless it is said. */
  sort?: HoldingSort
  desc?: boolean
  internal?: boolean
  /** Of access rules. */
  user?: string
  resource?: AclResourceType
  permission?: AclSubject['permissionType']
}

type Reader = (raw: Raw) => HoldingSearch

const listed: Reader = (raw) => ({ ...keywordOf(raw), ...pageOf(raw) })

const sorted = (sorts: readonly HoldingSort[], raw: Raw): HoldingSearch => ({
  ...oneOf('sort', sorts.slice(1), raw),
  ...(raw['desc'] === true ? { desc: true } : {}),
})

const readers: Partial<Record<InstanceTab, Reader>> = {
  topics: (raw) => ({
    ...listed(raw),
    ...sorted(topicSorts, raw),
    ...(raw['internal'] === true ? { internal: true } : {}),
  }),
  groups: (raw) => ({ ...listed(raw), ...sorted(groupSorts, raw) }),
  users: (raw) => ({ ...listed(raw), ...sorted(userSorts, raw) }),
  acls: (raw) => ({
    ...listed(raw),
    ...sorted(aclSorts, raw),
    ...textOf('user', raw),
    ...oneOf('resource', aclResourceTypes, raw),
    ...oneOf('permission', aclPermissionTypes, raw),
  }),
}

export const readHoldingSearch = (tab: InstanceTab, raw: Raw): HoldingSearch => readers[tab]?.(raw) ?? {}

/** Which of its settings the page of a topic shows; what was set for it, unless the address says otherwise. */
export const topicSettingsShown = ['here', 'changed', 'all'] as const
export type TopicSettingsShown = (typeof topicSettingsShown)[number]

export type TopicSearch = { tab?: 'settings'; show?: TopicSettingsShown; keyword?: string; page?: number }

export function readTopicSearch(raw: Raw): TopicSearch {
  if (raw['tab'] !== 'settings') return pageOf(raw)
  const show = topicSettingsShown.find((known) => known === raw['show'])
  return { tab: 'settings', ...(show && show !== 'all' && { show }), ...keywordOf(raw) }
}

type GroupSearch = { groupId: string; keyword?: string; page?: number }

export const readGroupSearch = (raw: Raw): GroupSearch => ({
  groupId: '',
  ...textOf('groupId', raw),
  ...listed(raw),
})

/** Text of digits alone arrives as a number. */
function textOf<K extends string>(name: K, raw: Raw): { [key in K]?: string } {
  const text = typeof raw[name] === 'number' ? String(raw[name]) : raw[name]
  return typeof text === 'string' && text !== '' ? ({ [name]: text } as { [key in K]?: string }) : {}
}

function oneOf<K extends string, V extends string>(name: K, values: readonly V[], raw: Raw): { [key in K]?: V } {
  const value = values.find((known) => known === raw[name])
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V })
}
