import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type ChangeRequest, type InstanceQuery, type OperationQuery } from './api.ts'
import type { NewInstance } from './api-types.ts'

/**
 * What pages read. The first words of a key name the thing, so that `live.ts` can mark just the ones that an event
 * concerns: `['instances', …]` lists, `['instance', id, …]` all of one Instance, and likewise for Operations.
 */
export const queries = {
  session: () => queryOptions({ queryKey: ['session'], queryFn: api.session, staleTime: 60_000, retry: false }),
  environment: () => queryOptions({ queryKey: ['environment'], queryFn: api.environment }),
  versions: () => queryOptions({ queryKey: ['versions'], queryFn: api.versions, staleTime: Infinity }),

  instances: (query: InstanceQuery) =>
    queryOptions({
      queryKey: ['instances', query],
      queryFn: () => api.instances(query),
      placeholderData: keepPreviousData,
    }),
  instance: (id: string) => queryOptions({ queryKey: ['instance', id], queryFn: () => api.instance(id) }),
  endpoints: (id: string) =>
    queryOptions({ queryKey: ['instance', id, 'endpoints'], queryFn: () => api.endpoints(id) }),
  certificates: (id: string) =>
    queryOptions({ queryKey: ['instance', id, 'certificates'], queryFn: () => api.certificates(id) }),
  configurations: (id: string) =>
    queryOptions({ queryKey: ['instance', id, 'configurations'], queryFn: () => api.configurations(id) }),
  settings: (id: string) => queryOptions({ queryKey: ['instance', id, 'settings'], queryFn: () => api.settings(id) }),
  nodes: (id: string) => queryOptions({ queryKey: ['instance', id, 'nodes'], queryFn: () => api.nodes(id) }),
  /**
   * A look at processes and cluster. Nobody tells when somebody changes those by hand, so it is asked again now and then. What
   * was seen is forgotten with the page: it may have been settled since.
   */
  drift: (id: string) =>
    queryOptions({
      queryKey: ['instance', id, 'drift'],
      queryFn: () => api.drift(id),
      refetchInterval: 30_000,
      gcTime: 0,
    }),
  activity: (id: string) => queryOptions({ queryKey: ['instance', id, 'activity'], queryFn: () => api.activity(id) }),
  tombstone: (id: string) =>
    queryOptions({
      queryKey: ['instances', 'tombstone', id],
      queryFn: async () => {
        const { list } = await api.instances({ state: 'Deleted', keyword: id })
        return list.find((instance) => instance.instanceId === id) ?? null
      },
    }),

  planCreate: (body: NewInstance | null) =>
    queryOptions({
      queryKey: ['plan', 'create', body],
      queryFn: () => (body ? api.planCreate(body) : null),
      enabled: body !== null,
      placeholderData: keepPreviousData,
      retry: false,
      gcTime: 0,
    }),
  planChange: (id: string, request: ChangeRequest | null) =>
    queryOptions({
      queryKey: ['plan', 'change', id, request],
      queryFn: () => (request ? api.planChange(id, request) : null),
      enabled: request !== null,
      placeholderData: keepPreviousData,
      retry: false,
      gcTime: 0,
    }),
  upgradeTargets: (id: string) =>
    queryOptions({ queryKey: ['instance', id, 'upgrade-targets'], queryFn: () => api.upgradeTargets(id) }),
  /** `what` is `node=2` or `zone=local-a`. */
  whatIf: (id: string, what: string | undefined) =>
    queryOptions({
      queryKey: ['what-if', id, what],
      queryFn: () => {
        const [kind, name = ''] = (what ?? '').split('=')
        return api.whatIf(id, kind === 'node' ? { node: Number(name) } : { zone: name })
      },
      enabled: what !== undefined,
      retry: false,
      gcTime: 0,
    }),
  settingsOfVersion: (version: string) =>
    queryOptions({
      queryKey: ['settings-of-version', version],
      queryFn: () => api.settingsOfVersion(version),
      staleTime: Infinity,
    }),
  planDelete: (id: string) =>
    queryOptions({ queryKey: ['plan', 'delete', id], queryFn: () => api.planDelete(id), retry: false, gcTime: 0 }),

  operations: (query: OperationQuery) =>
    queryOptions({
      queryKey: ['operations', query],
      queryFn: () => api.operations(query),
      placeholderData: keepPreviousData,
    }),
  /** How long a change has waited, and how far it is, move on without an event. */
  operation: (id: string) =>
    queryOptions({
      queryKey: ['operation', id],
      queryFn: () => api.operation(id),
      refetchInterval: ({ state: { data } }) => (data?.change && data.status === 'Waiting' ? 3_000 : false),
    }),
}
