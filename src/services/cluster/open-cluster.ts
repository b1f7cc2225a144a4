import type { InstanceId } from '../../domain/id.ts'
import { instanceCan } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import { busy } from '../../engine/start-operation.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import type { ClusterResources } from '../../kafka/resources.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import { findOpenOperation } from '../../store/operations.ts'
import type { ServiceContext } from '../context.ts'

/**
 * The running cluster of an Instance, also while it is being changed. Throws `not-found` for an Instance that is gone, and
 * `conflict` while there is no Kafka yet, or soon no more.
 */
export async function openCluster({ db, resources }: ServiceContext, id: InstanceId): Promise<ClusterResources> {
  const { state } = await getInstance(db, id)
  const answer = instanceCan('use', state)
  if (!answer.allowed) throw busy(answer.why, await findOpenOperation(db, id))
  const nodes = (await listNodes(db, id)).filter(isInCluster)
  return await resources.at(nodes.map(endpointOf))
}

/** A node that joins leads partitions, and looks after groups, long before the change is done that adds it. */
const isInCluster = ({ intent, health }: Node): boolean =>
  intent === 'stay' || intent === 'leave' || (intent === 'join' && health === 'running')
