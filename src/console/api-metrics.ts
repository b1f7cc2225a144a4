import { queryOptions } from '@tanstack/react-query'
import type { ApiSchemas } from '../client/client.ts'
import { answerOf, client } from './api.ts'

/** What an Instance did, and where its metrics go. */
export type StatisticsHistory = ApiSchemas['StatisticsHistory']
export type ExporterHealth = ApiSchemas['MetricsExporterHealth']
export type ExporterAnswer = NonNullable<ExporterHealth['prometheus']>

export const historyRanges = ['1h', '6h', '24h'] as const
export type HistoryRange = (typeof historyRanges)[number]

/** The exporter as a form sends it; `enabled: false` alone takes it away. */
export type ExporterBody = NonNullable<
  NonNullable<NonNullable<ApiSchemas['InstanceChange']['features']>['metricsExporter']>['prometheus']
>

export const setExporter = (instanceId: string, prometheus: ExporterBody) =>
  answerOf(
    client.PATCH('/api/v1/instances/{instanceId}', {
      params: { path: { instanceId } },
      body: { features: { metricsExporter: { prometheus } } },
    }),
  )

/** Nobody tells when clients write or a receiver goes away: while somebody looks, it is asked for again now and then. */
export const metricsQueries = {
  history: (instanceId: string, range: HistoryRange) =>
    queryOptions({
      queryKey: ['instance', instanceId, 'history', range],
      queryFn: () =>
        answerOf(
          client.GET('/api/v1/instances/{instanceId}/statistics/history', {
            params: { path: { instanceId }, query: { range } },
          }),
        ),
      refetchInterval: 30_000,
    }),
  exporter: (instanceId: string) =>
    queryOptions({
      queryKey: ['instance', instanceId, 'metrics-exporter'],
      queryFn: () =>
        answerOf(client.GET('/api/v1/instances/{instanceId}/metrics-exporter', { params: { path: { instanceId } } })),
      refetchInterval: 10_000,
    }),
}
