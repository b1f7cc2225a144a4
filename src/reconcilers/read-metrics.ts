import { AppError } from '../domain/errors.ts'
import type { MetricSample } from '../domain/metric-sample.ts'
import { metricsPortOf } from '../domain/metrics-port.ts'
import type { Node } from '../domain/node.ts'
import type { Round } from '../engine/define-reconciler.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { inTurn } from '../kafka/in-turn.ts'
import type { World } from '../operations/world.ts'
import type { Watched } from './fleet-slice.ts'

/** What the nodes of an Instance told just now, and why the others did not, by Kafka id. */
export type NodeMetrics = {
  nodes: { kafkaId: number; samples: MetricSample[] }[]
  problems: Record<string, string>
  /** All that were asked. */
  asked: number[]
}

/** Asks every node that has a process. Never throws for a node that does not answer. */
export async function readMetrics(round: Round<World>, { id, nodes }: Watched): Promise<NodeMetrics> {
  const asked = nodes.filter(({ health }) => health !== 'planned')
  const answers = await inTurn(asked, (node) => askNode(round, node))
  const silent = answers.filter((answer) => 'refusal' in answer)
  const withoutExporter = silent.some(({ isRefused }) => isRefused) ? await startedWithout(round, id) : []
  return {
    nodes: answers.filter((answer) => 'samples' in answer),
    problems: Object.fromEntries(
      silent.map(({ node, refusal }) => [
        node.kafkaId,
        node.health === 'running' && withoutExporter.includes(node.kafkaId) ? startsWithRestart : refusal,
      ]),
    ),
    asked: asked.map(({ kafkaId }) => kafkaId),
  }
}

const startsWithRestart =
  'It was started without the exporter of metrics: before this release, or while its port was taken. It has one from its next restart on; nobody restarts it for that.'

type Answer = { kafkaId: number; samples: MetricSample[] } | { node: Node; refusal: string; isRefused: boolean }

async function askNode({ world }: Round<World>, node: Node): Promise<Answer> {
  try {
    const samples = await world.clusters.scrape({ ...endpointOf(node), metricsPort: metricsPortOf(node) })
    return { kafkaId: node.kafkaId, samples }
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.kind === 'unavailable')) throw thrown
    return { node, refusal: thrown.message, isRefused: thrown.code === 'Metrics.Refused' }
  }
}

/** Asked only where somebody refuses: it costs a look at all processes. */
async function startedWithout({ world }: Round<World>, id: Watched['id']): Promise<number[]> {
  const sightings = await world.provider.inspectNodes(id)
  return sightings
    .filter(({ process, metricsPort }) => process === 'running' && metricsPort === null)
    .map(({ kafkaId }) => kafkaId)
}
