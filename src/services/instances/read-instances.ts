import type { InstanceId } from '../../domain/id.ts'
import type { Instance } from '../../domain/instance.ts'
import type { Operation } from '../../domain/operation.ts'
import { listInstances, type InstanceQuery } from '../../store/instance-list.ts'
import { getInstance } from '../../store/instances.ts'
import { findOpenOperation, listOpenOperations } from '../../store/operations.ts'
import type { ServiceContext } from '../context.ts'

export { instanceSorts } from '../../store/instance-list.ts'

/** An Instance with the Operation that owns it now, if any. */
export type InstanceReading = { instance: Instance; operation: Operation | undefined }

/** Throws `not-found` (`Instance.NotFound`), also for a deleted one. */
export async function readInstance({ db }: ServiceContext, id: InstanceId): Promise<InstanceReading> {
  return { instance: await getInstance(db, id), operation: await findOpenOperation(db, id) }
}

export type InstanceListing = Omit<InstanceQuery, 'environmentId'>

/** A page of Instances; their Operations come in one query for all. */
export async function readInstances(
  { db, environmentId }: ServiceContext,
  query: InstanceListing,
): Promise<{ total: number; list: InstanceReading[] }> {
  const { total, list } = await listInstances(db, { ...query, environmentId })
  const operations = await listOpenOperations(
    db,
    list.map(({ id }) => id),
  )
  const byInstance = new Map(operations.map((operation) => [operation.instanceId, operation]))
  return { total, list: list.map((instance) => ({ instance, operation: byInstance.get(instance.id) })) }
}
