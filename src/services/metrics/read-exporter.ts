import type { InstanceId } from '../../domain/id.ts'
import { deliveryAdvice, deliveryState, type Delivery, type DeliveryState } from '../../domain/metrics-delivery.ts'
import { withoutExporterSecrets, type PrometheusExporter } from '../../domain/metrics-exporter.ts'
import { findDelivery } from '../../store/metrics-deliveries.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import { findMetricsProblems } from '../../store/observations.ts'
import type { ServiceContext } from '../context.ts'

/** How it stands with an Instance's metrics: what its nodes tell, and where it goes. */
export type ExporterReading = {
  state: DeliveryState
  advice: string
  /** Without secrets; null: none. */
  exporter: PrometheusExporter | null
  delivery: Delivery | null
  /** Those that tell nothing. */
  nodes: { kafkaId: number; problem: string }[]
}

export async function readExporter({ db, now }: ServiceContext, id: InstanceId): Promise<ExporterReading> {
  const { features } = await getInstance(db, id)
  const exporter = features.metricsExporter ? withoutExporterSecrets(features.metricsExporter).prometheus : null
  const delivery = exporter ? await findDelivery(db, id) : undefined
  const state = deliveryState(delivery, now())
  const problems = await findMetricsProblems(db, id)
  const standing = new Set((await listNodes(db, id)).map(({ kafkaId }) => String(kafkaId)))
  const nodes = Object.entries(problems)
    .filter(([kafkaId]) => standing.has(kafkaId))
    .map(([kafkaId, problem]) => ({ kafkaId: Number(kafkaId), problem }))
  return { state, advice: deliveryAdvice[state], exporter, delivery: delivery ?? null, nodes }
}
