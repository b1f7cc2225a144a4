import { z } from '@hono/zod-openapi'
import { refuseProblems } from '../../domain/instance-rules.ts'
import { exporterAuths, exporterPath } from '../../domain/metrics-exporter.ts'
import type { ExporterWish } from '../../services/metrics/set-exporter.ts'
import { isEnabled, isGiven } from './asks-for.ts'
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

/** Undefined: nothing is said of it. An empty text says nothing. Throws `invalid` for what is said of one that is switched off. */
export function exporterWishOf(body: MetricsExporterBody | null | undefined): ExporterWish | undefined {
  const { enabled, prometheusArn: _arn, labels, ...texts } = body?.prometheus ?? {}
  const given = {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')),
    ...(labels && { labels }),
  }
  if (enabled === false) {
    const said = Object.entries(given).filter(([, value]) => isGiven(value))
    refuseProblems(said.map(([field]) => ({ path: `${exporterPath}.${field}`, message: switchedOff(field) })))
    return null
  }
  return enabled || Object.keys(given).length > 0 ? given : undefined
}

const switchedOff = (field: string) => `With enabled false nothing is sent on: leave ${field} out, or say enabled true.`

type Unsupported = { path: string; why(body: MetricsExporterBody): string | undefined }

/** What of it this provider cannot do, and why. */
export const unsupportedExporterFields: Unsupported[] = [
  ...(['cloudWatch', 'oltp'] as const).map((field) => ({
    path: `features.metricsExporter.${field}`,
    why: (body: MetricsExporterBody) =>
      isEnabled(body[field])
        ? `Metrics are sent on to receivers of Prometheus remote write alone: leave ${field} out.`
        : undefined,
  })),
  {
    path: `${exporterPath}.authType`,
    why: ({ prometheus }) =>
      prometheus?.authType === 'sigv4'
        ? 'Requests are not signed for AWS here: use the authType noauth, basic or bearer.'
        : undefined,
  },
  {
    path: `${exporterPath}.prometheusArn`,
    why: ({ prometheus }) =>
      isGiven(prometheus?.prometheusArn)
        ? 'Metrics are sent to an address, and to no workspace of AWS: leave prometheusArn out.'
        : undefined,
  },
]
