import { countInstancesByState, countOperations, longestDueSeconds } from '../../store/counts.ts'
import { postgresVersion } from '../../store/database.ts'
import type { ServiceContext } from '../context.ts'

/** What monitoring asks of the rows. */
export async function readCounts({ db, now }: ServiceContext) {
  const [instances, operations, waitingSeconds] = await Promise.all([
    countInstancesByState(db),
    countOperations(db),
    longestDueSeconds(db, now()),
  ])
  return { instances, operations, waitingSeconds }
}

/** Throws while the database does not answer. */
export async function checkDatabase({ db }: ServiceContext): Promise<void> {
  await postgresVersion(db)
}
