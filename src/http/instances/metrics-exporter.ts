import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { deliveryStates, type Delivery } from '../../domain/metrics-delivery.ts'
import { readExporter } from '../../services/metrics/read-exporter.ts'
import { defineRoute } from '../route.ts'
import { Time } from '../views/shapes.ts'
import { MetricsExporterShape } from './metrics-fields.ts'

const DeliveryShape = z.object({
  lastSuccessAt: Time.nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: Time.nullable(),
  failures: z.number().int().openapi({ description: 'In a row, until now' }),
  retryAt: Time.nullable(),
  queuedSamples: z.number().int(),
  droppedSamples: z.number().int().openapi({ description: 'Refused, or too old to wait longer' }),
  samplesPerMinute: z.number().int(),
  measuredAt: Time.nullable().openapi({ description: 'When nodes were asked last' }),
})

const ExporterReadingShape = z
  .object({
    state: z.enum(deliveryStates),
    advice: z.string().openapi({ description: 'What it means, and what to do' }),
    prometheus: MetricsExporterShape.shape.prometheus.nullable(),
    delivery: DeliveryShape.nullable(),
    nodes: z
      .array(z.object({ kafkaId: z.number().int(), problem: z.string() }))
      .openapi({ description: 'Nodes that tell no metrics, and why' }),
  })
  .openapi('MetricsExporterHealth')

export const getMetricsExporterRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/metrics-exporter',
  summary: 'How sending an Instance’s metrics on goes, and which nodes tell none',
  permission: 'instance:read',
  answers: { 200: ExporterReadingShape },

  async handle({ world, params }) {
    const { state, advice, exporter, delivery, nodes } = await readExporter(world, params.instanceId as InstanceId)
    return {
      status: 200,
      body: { state, advice, prometheus: exporter, delivery: delivery && deliveryView(delivery), nodes },
    }
  },
})

const deliveryView = ({ queued, dropped, lastSuccessAt, lastErrorAt, retryAt, ...others }: Delivery) => ({
  lastError: others.lastError,
  failures: others.failures,
  samplesPerMinute: others.samplesPerMinute,
  measuredAt: others.measuredAt?.toISOString() ?? null,
  lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
  lastErrorAt: lastErrorAt?.toISOString() ?? null,
  retryAt: retryAt?.toISOString() ?? null,
  queuedSamples: queued,
  droppedSamples: dropped,
})
