import type { InstanceId } from '../../domain/id.ts'
import type { Node } from '../../domain/node.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'

/** The nodes of a living Instance, by Kafka id. */
export async function readNodes({ db }: ServiceContext, id: InstanceId): Promise<Node[]> {
  await getInstance(db, id)
  return await listNodes(db, id)
}
