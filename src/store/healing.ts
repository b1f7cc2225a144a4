import { sql } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** Who needs healing, and how often it was healed lately. */

export type HealQuery = {
  environmentId: string
  healKind: string
  /** Whose healing somebody cancelled since then is left alone. */
  cancelledAfter: Date
  /** A node that has been silent since before then hangs. */
  silentBefore: Date
  /** Asks for these only. */
  among?: InstanceId[]
}

/** Of a node: it was seen stopped, or has been silent since before then. The first half is that of an index. */
export const isAiling = (silentBefore: Date) =>
  sql<boolean>`nodes.health in ('stopped', 'unreachable')
    and (nodes.health = 'stopped' or nodes.silent_since <= ${silentBefore})`

/** They should serve, have a node that was seen stopped or hangs, and no Operation owns them. */
export async function listInstancesToHeal(db: Db, query: HealQuery): Promise<InstanceId[]> {
  const { environmentId, healKind, cancelledAfter, silentBefore, among } = query
  if (among?.length === 0) return []
  const rows = await db
    .selectFrom('instances')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('state', 'in', ['Running', 'Error'])
    .$if(!!among, (q) => q.where('id', 'in', among!))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('nodes')
          .select('nodes.id')
          .whereRef('instance_id', '=', 'instances.id')
          .where(isAiling(silentBefore)),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('operations')
            .select('operations.id')
            .whereRef('instance_id', '=', 'instances.id')
            .where((eb) =>
              eb.or([
                eb('outcome', 'in', ['active', 'failed']),
                eb.and([
                  eb('kind', '=', healKind),
                  eb('outcome', '=', 'cancelled'),
                  eb('ended_at', '>', cancelledAfter),
                ]),
              ]),
            ),
        ),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

export type Healed = { times: number; lastEndedAt: Date | null }

/** How often the Instance was healed since then, and when last. */
export async function countHealed(
  db: Db,
  instanceId: InstanceId,
  { healKind, since }: { healKind: string; since: Date },
): Promise<Healed> {
  const { times, last } = await db
    .selectFrom('operations')
    .select((eb) => [eb.fn.countAll<number>().as('times'), eb.fn.max('ended_at').as('last')])
    .where('instance_id', '=', instanceId)
    .where('kind', '=', healKind)
    .where('outcome', '=', 'succeeded')
    .where('ended_at', '>', since)
    .executeTakeFirstOrThrow()
  return { times, lastEndedAt: last }
}
