import { sql } from 'kysely'
import type { Db } from './database.ts'

/** The number of the coming round of a standing duty, one higher each time, if this process does it: of several that ask, one is told. */
export async function takeDuty(
  db: Db,
  name: string,
  { now, everySeconds }: { now: Date; everySeconds: number },
): Promise<number | undefined> {
  // A little early is in time: timers of one process drift against the row.
  const due = new Date(now.getTime() + everySeconds * 100)
  const nextRunAt = new Date(now.getTime() + everySeconds * 1000)
  const row = await db
    .insertInto('duties')
    .values({ name, next_run_at: nextRunAt })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ next_run_at: nextRunAt, turn: sql`duties.turn + 1` })
        .where('duties.next_run_at', '<=', due),
    )
    .returning('turn')
    .executeTakeFirst()
  return row?.turn
}
