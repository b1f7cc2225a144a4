import type { InstanceState } from '../domain/instance.ts'
import type { OperationStatus } from '../domain/operation.ts'
import { readHoldingSearch, type HoldingSearch } from './holding-search.ts'
import { instanceTabs, type InstanceTab } from './paths.ts'
import { keywordOf, pageOf, type Raw } from './search-parts.ts'
import { isInstanceState, isOperationStatus } from './words.ts'

/** What addresses hold behind the question mark. Whatever is not understood is left out, so that no address breaks a page. */
const instanceSorts = ['name', 'state', 'version', 'aku', 'createdAt'] as const
export type InstanceSort = (typeof instanceSorts)[number]

export type InstancesSearch = {
  keyword?: string
  state?: InstanceState
  sort?: InstanceSort
  desc?: boolean
  page?: number
}

export function readInstancesSearch(raw: Raw): InstancesSearch {
  const { sort } = raw
  return {
    ...keywordOf(raw),
    ...(typeof raw['state'] === 'string' && isInstanceState(raw['state']) ? { state: raw['state'] } : {}),
    ...(isInstanceSort(sort) ? { sort } : {}),
    ...(typeof raw['desc'] === 'boolean' ? { desc: raw['desc'] } : {}),
    ...pageOf(raw),
  }
}

export type OperationsSearch = { state?: OperationStatus; page?: number }

export function readOperationsSearch(raw: Raw): OperationsSearch {
  const { state } = raw
  return { ...(typeof state === 'string' && isOperationStatus(state) ? { state } : {}), ...pageOf(raw) }
}

/** Which of its settings the page of an Instance shows: what differs from Kafka's own, unless the address says otherwise. */
export const settingsShown = ['here', 'changed', 'all'] as const
export type SettingsShown = (typeof settingsShown)[number]

export type InstanceSearch = { tab?: InstanceTab; show?: SettingsShown; keyword?: string } & HoldingSearch

export function readInstanceSearch(raw: Raw): InstanceSearch {
  const tab = instanceTabs.find((known) => known === raw['tab'])
  if (!tab || tab === 'overview') return {}
  if (tab !== 'settings') return { tab, ...readHoldingSearch(tab, raw) }
  const show = settingsShown.find((known) => known === raw['show'])
  return { tab, ...(show && show !== 'changed' && { show }), ...keywordOf(raw) }
}

/** Only paths of this console: a sign-in must not send anyone elsewhere. */
export function readSignInSearch(raw: Raw): { next?: string } {
  const { next } = raw
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && next !== '/' ? { next } : {}
}

const isInstanceSort = (word: unknown): word is InstanceSort => instanceSorts.some((known) => known === word)
