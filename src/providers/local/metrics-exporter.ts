import { metricsPortOf } from '../../domain/metrics-port.ts'
import type { NodeSlot } from '../../domain/node.ts'
import { findMetricsAgent, metricsAgentArgument } from '../../kafka/jmx-exporter.ts'
import { listenersOn, listListeners } from './listeners.ts'

/** With what a node tells its metrics when it starts now, and where; null: it does not. */
export type NodeMetricsExporter = { argument: string; port: number }

/** An exporter that finds its port taken ends its node: without metrics is better than without the node. */
export async function metricsExporterFor(home: string, slot: NodeSlot): Promise<NodeMetricsExporter | null> {
  const agent = findMetricsAgent(home)
  const port = metricsPortOf(slot)
  if (!agent || listenersOn(await listListeners(), slot.address, port).length > 0) return null
  return { argument: metricsAgentArgument(agent, slot.address, port), port }
}
