import { findInstance } from '../../store/instances.ts'
import { listActivity, type Activity, type ActivityQuery } from '../../store/activity.ts'
import { AppError } from '../../domain/errors.ts'
import type { ServiceContext } from '../context.ts'

/** A page of what happened to the Instance; its story can be read after its end too. */
export async function readActivity(
  { db }: ServiceContext,
  query: ActivityQuery,
): Promise<{ total: number; list: Activity[] }> {
  if (await findInstance(db, query.instanceId)) return await listActivity(db, query)
  throw new AppError('not-found', 'Instance.NotFound', `There is no Instance ${query.instanceId}.`)
}
