import { z } from '@hono/zod-openapi'
import { exporterAuths } from '../../domain/metrics-exporter.ts'
import type { ExporterWish } from '../../services/metrics/set-exporter.ts'
import { anything, text } from './contract-fields.ts'

/** The exporter of metrics in the bodies of a create and of a change, and as it is echoed. */
const Label = z.strictObject({ name: text('The name of a label'), value: text('The value of a label') })

const Prometheus = z.strictObject({
  enabled: z
    .boolean('This is either true or false.')
    .optional()
    .openapi({ description: 'false takes it away; everything else is left out then' }),
  endPoint: text('The address').optional().openapi({ description: 'Of a receiver of Prometheus remote write' }),
  authType: text('The authType')
    .optional()
    .openapi({ description: `One of ${exporterAuths.join(', ')}` }),
  username: text('The username').optional(),
  password: text('The password').optional().openapi({ writeOnly: true, description: 'Left out: as it was' }),
  token: text('The token').optional().openapi({ writeOnly: true, description: 'Left out: as it was' }),
  prometheusArn: anything,
  labels: z.array(Label, 'Labels are a list of {name, value}.').optional().openapi({ description: 'Of every series' }),
})

export const MetricsExporterBody = z.strictObject(
  { prometheus: Prometheus.nullish(), cloudWatch: anything, oltp: anything },
  'The metrics exporter is an object with a prometheus in it.',
)
export type MetricsExporterBody = z.output<typeof MetricsExporterBody>

/** Without what is secret, and without what only asks for it. */
export const MetricsExporterShape = z.object({
  prometheus: z.object({
    authType: z.enum(exporterAuths),
    endPoint: z.string(),
    username: z.string().optional(),
    labels: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  }),
})

/** Undefined: nothing is said of it. An empty text says nothing. */
export function exporterWishOf(body: MetricsExporterBody | null | undefined): ExporterWish | undefined {
  const { enabled, prometheusArn: _arn, ...said } = body?.prometheus ?? {}
  if (enabled === false) return null
  const { labels, ...texts } = said
  const given = {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')),
    ...(labels && { labels }),
  }
  return enabled || Object.keys(given).length > 0 ? given : undefined
}

/** Why this provider cannot do it; undefined: it can. */
export function unsupportedExporter(body: MetricsExporterBody | null | undefined): string | undefined {
  const { prometheus, cloudWatch, oltp } = body ?? {}
  if (isGiven(cloudWatch) || isGiven(oltp)) {
    const field = isGiven(cloudWatch) ? 'cloudWatch' : 'oltp'
    return `Metrics are sent on to receivers of Prometheus remote write alone: leave ${field} out.`
  }
  if (prometheus?.authType === 'sigv4' || isGiven(prometheus?.prometheusArn)) {
    return 'Requests are not signed for AWS here: use the authType noauth, basic or bearer, and leave prometheusArn out.'
  }
  return undefined
}

const isGiven = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  !(typeof value === 'object' && Object.keys(value).length === 0)
