import { join } from 'node:path'
import type { OperationId } from '../src/domain/id.ts'
import { openDatabase, type Database } from '../src/store/database.ts'
import { getOperation } from '../src/store/operations.ts'
import { socketFolder } from '../src/store/postgres/socket-folder.ts'
import { listSteps } from '../src/store/steps.ts'

/** The database of a home, which lives on when its Millrace is killed. */
export const openDatabaseOf = async (home: string): Promise<Database> =>
  openDatabase({ host: await socketFolder(join(home, 'postgres')), user: 'millrace', database: 'postgres' })

/** All that a worker writes of an Operation: when it differs, the Operation has moved. */
export async function traceOf(db: Database, id: OperationId): Promise<string> {
  return JSON.stringify([await getOperation(db, id), await listSteps(db, id)])
}

/** Another one when a worker takes the Operation. */
export async function leaseEpochOf(db: Database, id: OperationId): Promise<number> {
  const row = await db.selectFrom('operations').select('lease_epoch').where('id', '=', id).executeTakeFirstOrThrow()
  return row.lease_epoch
}
