import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import * as begin from './migrations/0001-begin.ts'
import type { Tables } from './tables.ts'

/** PostgreSQL 15 or later: the embedded one, or a team's own. All SQL of Millrace goes through here. */
export type Database = Kysely<Tables>

/**
 * An open transaction. Functions that take one must use nothing else: the outer handle would take a second connection and
 * can deadlock a small pool.
 */
export type Tx = Transaction<Tables>

/** Reads work on either. */
export type Db = Database | Tx

// Counts and epochs stay far below 2^53; as strings they would compare as text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** `connection` is what pg takes: a connection string, or host (a socket folder too), user and database. */
export function openDatabase(connection: pg.PoolConfig): Database {
  const pool = new pg.Pool({ max: 16, connectionTimeoutMillis: 10_000, ...connection })
  // An idle connection that the server closes must not end the process; the next query opens another.
  pool.on('error', () => {})
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

const migrations = { '0001-begin': begin }

/** Brings the schema up to date. Several processes may call it at once: Kysely holds a lock. */
export async function migrateToLatest(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

export const leastPostgres = 15

/** The major version of the server. */
export async function postgresVersion(db: Db): Promise<number> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(db)
  return Math.floor(Number(rows[0]?.version) / 10_000)
}
