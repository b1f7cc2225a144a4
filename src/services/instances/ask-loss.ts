import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Node } from '../../domain/node.ts'
import { lossOf, type LossReport } from '../../domain/loss.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'

/** One node by its Kafka id, or all nodes of a zone. */
export type LossQuestion = { node?: number | undefined; zone?: string | undefined }

/** What if these nodes are lost? By the same rule that lets a node restart. Throws `unavailable` when no broker can tell. */
export async function askLoss(
  { db, clusters }: ServiceContext,
  id: InstanceId,
  question: LossQuestion,
): Promise<LossReport> {
  await getInstance(db, id)
  // One that joins carries data long before it is there to stay; one that has not started yet answers nobody, and holds nothing.
  const nodes = (await listNodes(db, id)).filter(({ intent }) => intent !== 'stop')
  const lost = nodesAsked(nodes, question)
  const endpoints = nodes.map(endpointOf)
  const observation = await clusters.observe(endpoints)
  if (!observation.quorum) {
    const message = 'The cluster does not answer now, so nothing can be said about a loss. Look at its nodes first.'
    throw new AppError('unavailable', 'Instance.DoesNotAnswer', message)
  }
  const minInSync = await clusters.minInSync(endpoints)
  const voters = nodes.filter(({ roles }) => roles.includes('controller')).map(({ kafkaId }) => kafkaId)
  const expected = { brokers: nodes.map(({ kafkaId }) => kafkaId), voters }
  return lossOf({ observation, minInSync, expected }, lost)
}

function nodesAsked(nodes: Node[], { node, zone }: LossQuestion): number[] {
  if ((node === undefined) === (zone === undefined)) {
    throw new AppError('invalid', 'Request.OneOfTwo', 'Name either a node or a zone.')
  }
  const asked = nodes.filter((one) => (node === undefined ? one.zone === zone : one.kafkaId === node))
  if (asked.length > 0) return asked.map(({ kafkaId }) => kafkaId)
  const known = [...new Set(nodes.map((one) => (node === undefined ? one.zone : one.kafkaId)))].join(', ')
  throw new AppError('invalid', 'Instance.NoSuchNode', `The Instance has nothing there; it has ${known}.`)
}
