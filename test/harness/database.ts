import { after } from 'node:test'
import { openDatabase, type Database } from '../../src/store/database.ts'
import type { EmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { copyDatabase, startTestServer, type TestServer } from './postgres-server.ts'

/**
 * A database of one's own for a test, migrated and empty:
 *
 *     await using database = await makeDatabase()
 *     await insertInstance(database.db, …)
 *
 * `npm test` starts one server for all files and says where it is; a file that is run by hand starts one for itself, from
 * the folder MILLRACE_TEST_POSTGRES names, where that is set (`/usr/lib/postgresql/15/bin`).
 */
export type TestDatabase = {
  db: Database
  /** For what opens connections of its own: another process, a listener. */
  connection: EmbeddedPostgres['connection']
  [Symbol.asyncDispose](): Promise<void>
}

export async function makeDatabase(): Promise<TestDatabase> {
  const { connection, drop } = await copyDatabase(await findServer())
  const db = openDatabase(connection)
  return {
    db,
    connection,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      // A server of this file's own goes with all it holds, perhaps before this is called.
      if (!own) await drop()
    },
  }
}

let own: Promise<TestServer> | undefined

async function findServer(): Promise<EmbeddedPostgres['connection']> {
  const host = process.env['MILLRACE_TEST_SERVER']
  if (host) return { host, user: 'millrace', database: 'postgres' }
  own ??= startTestServer(process.env['MILLRACE_TEST_POSTGRES'])
  return (await own).connection
}

after(async () => await (await own)?.stop())
