import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { access, type PageQuery } from './api-access.ts'
import type { AuditSearch } from './audit-search.ts'

/**
 * Who may come in, and who did what. No event tells of these: what an administrator looks at is read when the page opens, and
 * again after each change made on it.
 */
export const accessQueries = {
  members: (query: PageQuery) =>
    queryOptions({
      queryKey: ['members', query],
      queryFn: () => access.members(query),
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
  serviceAccounts: (query: PageQuery) =>
    queryOptions({
      queryKey: ['service-accounts', query],
      queryFn: () => access.serviceAccounts(query),
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
  audit: (search: AuditSearch, size: number) =>
    queryOptions({
      queryKey: ['audit', search, size],
      queryFn: () => access.audit(search, size),
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
}
