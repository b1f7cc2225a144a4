import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Whether this process does the coming round of a standing duty: of several that ask, one is told yes. */
export async function takeDuty(
  db: Db,
  name: string,
  { now, everySeconds }: { now: Date; everySeconds: number },
): Promise<boolean> {
  // A little early is in time: timers of one process drift against the row.
  const due = new Date(now.getTime() + everySeconds * 100)
  const nextRunAt = new Date(now.getTime() + everySeconds * 1000)
  const row = await db
    .insertInto('duties')
    .values({ name, next_run_at: nextRunAt })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ next_run_at: nextRunAt }).where('duties.next_run_at', '<=', due),
    )
    .returning(sql<boolean>`true`.as('taken'))
    .executeTakeFirst()
  return !!row
}
