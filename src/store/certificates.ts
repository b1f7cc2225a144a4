import { sql } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** Whose certificates come to their end, and what was said of it. */
export type RenewalQuery = {
  environmentId: string
  /** The kinds of Operations that renew. */
  kinds: readonly string[]
  /** Who cancelled one since then is left alone. */
  cancelledAfter: Date
}

/** Running, with nothing under way. */
export async function listRenewable(db: Db, query: RenewalQuery): Promise<InstanceId[]> {
  const { environmentId, kinds, cancelledAfter } = query
  const rows = await db
    .selectFrom('instances')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('state', '=', 'Running')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('operations')
            .select('operations.id')
            .whereRef('instance_id', '=', 'instances.id')
            .where((eb) =>
              eb.or([
                eb('outcome', 'in', ['active', 'failed']),
                eb.and([eb('kind', 'in', kinds), eb('outcome', '=', 'cancelled'), eb('ended_at', '>', cancelledAfter)]),
              ]),
            ),
        ),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

/** Living Instances that have an authority. */
export async function listCertified(db: Db, environmentId: string): Promise<InstanceId[]> {
  const rows = await db
    .selectFrom('instances')
    .innerJoin('instance_authorities', 'instance_id', 'id')
    .select('id')
    .distinct()
    .where('environment_id', '=', environmentId)
    .where('deleted_at', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Is this event of the Instance still kept? */
export async function wasSaid(
  db: Db,
  instanceId: InstanceId,
  said: { kind: string; message: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select(sql`1`.as('one'))
    .where('instance_id', '=', instanceId)
    .where('kind', '=', said.kind)
    .where('message', '=', said.message)
    .executeTakeFirst()
  return row !== undefined
}
