import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { historyRanges, readHistory, type HistoryRange } from '../../services/metrics/read-history.ts'
import { defineRoute } from '../route.ts'
import { Time } from '../views/shapes.ts'

const ranges = Object.keys(historyRanges) as [HistoryRange, ...HistoryRange[]]

const Point = z.object({
  at: Time.openapi({ description: 'The beginning of the stretch that it is the average of' }),
  bytesInPerSecond: z.number().nullable(),
  bytesOutPerSecond: z.number().nullable(),
  requestsInPerSecond: z.number().nullable(),
  storageSize: z.number().nullable(),
})

const HistoryShape = z
  .object({
    from: Time,
    to: Time,
    everySeconds: z.number().int(),
    points: z.array(Point).openapi({ description: 'In order of time; where nothing was seen there is none' }),
  })
  .openapi('StatisticsHistory')

export const getStatisticsHistoryRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/statistics/history',
  summary: 'What an Instance did in the last hour, six hours or day',
  permission: 'instance:read',
  query: z.strictObject({
    range: z.enum(ranges, `The range is one of ${ranges.join(', ')}.`).default('1h'),
  }),
  answers: { 200: HistoryShape },

  async handle({ world, params, query }) {
    const { from, to, everySeconds, points } = await readHistory(world, params.instanceId as InstanceId, query.range)
    const list = points.map(({ at, bytesIn, bytesOut, requests, storageBytes }) => ({
      at: at.toISOString(),
      bytesInPerSecond: bytesIn,
      bytesOutPerSecond: bytesOut,
      requestsInPerSecond: requests,
      storageSize: storageBytes,
    }))
    return { status: 200, body: { from: from.toISOString(), to: to.toISOString(), everySeconds, points: list } }
  },
})
