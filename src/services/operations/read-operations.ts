import type { InstanceId, OperationId } from '../../domain/id.ts'
import type { Operation, Step } from '../../domain/operation.ts'
import { listInstanceNames } from '../../store/instances.ts'
import { findOperation, getOperation, listOperations, type OperationQuery } from '../../store/operations.ts'
import { listSteps } from '../../store/steps.ts'
import type { ServiceContext } from '../context.ts'

export type OperationReading = { operation: Operation; instanceName: string; steps?: Step[] }

/** The Operation with its timeline. Throws `not-found` (`Operation.NotFound`). */
export async function readOperation({ db }: ServiceContext, id: OperationId): Promise<OperationReading> {
  const operation = await getOperation(db, id)
  const names = await listInstanceNames(db, [operation.instanceId])
  return { operation, instanceName: names.get(operation.instanceId) ?? '', steps: await listSteps(db, id) }
}

export type OperationListing = Omit<OperationQuery, 'environmentId'>

export async function readOperations(
  { db, environmentId }: ServiceContext,
  query: OperationListing,
): Promise<{ total: number; list: OperationReading[] }> {
  const { total, list } = await listOperations(db, { ...query, environmentId })
  const names = await listInstanceNames(db, [...new Set(list.map(({ instanceId }) => instanceId))])
  return { total, list: list.map((operation) => ({ operation, instanceName: names.get(operation.instanceId) ?? '' })) }
}

/** Whose Operation it is; nothing where there is none. */
export async function instanceOfOperation(
  { db }: Pick<ServiceContext, 'db'>,
  id: OperationId,
): Promise<InstanceId | undefined> {
  return (await findOperation(db, id))?.instanceId
}
