import { busy } from '../../domain/busy.ts'
import type { InstanceId } from '../../domain/id.ts'
import { instanceCan } from '../../domain/instance.ts'
import { seatOf, type Seat } from '../../domain/move-plan.ts'
import type { Node } from '../../domain/node.ts'
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
  const nodes = await listNodes(db, id)
  return await resources.at(nodes.filter(isInCluster).map(endpointOf), seatsBesideLeavers(nodes))
}

/** Only Kafka 4.3 and later keep new partitions off nodes that leave; before, Millrace places its own. */
function seatsBesideLeavers(nodes: Node[]): Seat[] | undefined {
  if (!nodes.some(({ intent }) => intent === 'leave' || intent === 'stop')) return undefined
  return nodes.filter(({ intent }) => intent === 'stay').map(seatOf)
}

/** A node that joins leads partitions, and looks after groups, long before the change is done that adds it. */
const isInCluster = ({ intent, health }: Node): boolean =>
  intent === 'stay' || intent === 'leave' || (intent === 'join' && health === 'running')
