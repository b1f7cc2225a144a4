import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Counts for monitoring. */
export async function countInstancesByState(db: Db): Promise<{ state: string; count: number }[]> {
  return await db
    .selectFrom('instances')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('deleted_at', 'is', null)
    .groupBy('state')
    .execute()
}

export async function countOperations(db: Db): Promise<{ kind: string; outcome: string; count: number }[]> {
  return await db
    .selectFrom('operations')
    .select((eb) => ['kind', 'outcome', eb.fn.countAll<number>().as('count')])
    .groupBy(['kind', 'outcome'])
    .execute()
}

/** Seconds that the longest due Operation has waited for a worker; 0 when none waits. */
export async function longestDueSeconds(db: Db, now: Date): Promise<number> {
  const { seconds } = await db
    .selectFrom('operations')
    .select(sql<number | null>`extract(epoch from ${now}::timestamptz - min(run_at))::float8`.as('seconds'))
    .where('outcome', '=', 'active')
    .where('paused_at', 'is', null)
    .where('run_at', '<=', now)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .executeTakeFirstOrThrow()
  return Math.max(0, seconds ?? 0)
}
