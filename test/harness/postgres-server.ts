import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrateToLatest, openDatabase } from '../../src/store/database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { mourn } from './mourn.ts'

/**
 * One PostgreSQL for a whole test run, with a migrated database to copy. A copy takes a few hundredths of a second, a
 * migration much longer. Nothing on it outlives the run, so it may lose everything in a crash, and is the faster for it.
 */
export type TestServer = EmbeddedPostgres

type Connection = EmbeddedPostgres['connection']

const template = 'migrated'

/** `binaries`: those of another PostgreSQL than the embedded one. */
export async function startTestServer(binaries?: string): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-test-'))
  const mourner = mourn(home)
  const server = await startEmbeddedPostgres({ home, log: { info: () => {} }, ...(binaries && { binaries }) })
  const stop = async () => {
    await server.stop()
    await rm(home, { recursive: true })
    mourner[Symbol.dispose]()
  }
  try {
    await runStatements(server.connection, [
      'alter system set fsync = off',
      'alter system set synchronous_commit = off',
      'alter system set full_page_writes = off',
      'select pg_reload_conf()',
      `create database ${template}`,
    ])
    const db = openDatabase({ ...server.connection, database: template })
    await migrateToLatest(db).finally(() => db.destroy())
    return { connection: server.connection, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** A fresh migrated database, and how to drop it, whoever is still connected. */
export async function copyDatabase(server: Connection): Promise<{ connection: Connection; drop(): Promise<void> }> {
  const database = `test_${randomBytes(8).toString('hex')}`
  await runStatements(server, [`create database ${database} template ${template}`])
  return {
    connection: { ...server, database },
    drop: () => runStatements(server, [`drop database ${database} with (force)`]),
  }
}

async function runStatements(connection: Connection, statements: string[]): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
