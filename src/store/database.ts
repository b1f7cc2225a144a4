import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import * as begin from './migrations/0001-begin.ts'
import * as change from './migrations/0002-change.ts'
import * as search from './migrations/0004-search.ts'
import * as heal from './migrations/0005-heal.ts'
import * as find from './migrations/0006-find.ts'
import * as serviceAccounts from './migrations/0010-service-accounts.ts'
import * as security from './migrations/0012-security.ts'
import * as metrics from './migrations/0013-metrics.ts'
import * as plainVerifiers from './migrations/0014-plain-verifiers.ts'
import * as deliveryNews from './migrations/0015-delivery-news.ts'
import * as deliveryTerms from './migrations/0016-delivery-terms.ts'
import * as begun from './migrations/0017-begun.ts'
import * as authorities from './migrations/0018-authorities.ts'
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

// pg's own takes a quarter of the time of reading a row; it is left what is no plain time with an offset in whole hours.
const parseTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)
const plainTimestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d$/
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) =>
  plainTimestamp.test(text) ? new Date(`${text.replace(' ', 'T')}:00`) : parseTimestamp(text),
)

const defaults: pg.PoolConfig = {
  max: 16,
  connectionTimeoutMillis: 10_000,
  // Standing duties come in bursts: closing and opening connections in between costs more than they do.
  idleTimeoutMillis: 300_000,
  // A process that is stopped inside a transaction would keep its locks, and everybody who waits for them, for ever.
  idle_in_transaction_session_timeout: 10_000,
}

/** `connection` is what pg takes: a connection string, or host (a socket folder too), user and database. */
export function openDatabase(connection: pg.PoolConfig): Database {
  const pool = new pg.Pool({ ...defaults, ...connection })
  // A connection that the server closes, idle or inside a transaction, must not end the process; the next query says so.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

const migrations = {
  '0001-begin': begin,
  '0002-change': change,
  '0004-search': search,
  '0005-heal': heal,
  '0006-find': find,
  '0010-service-accounts': serviceAccounts,
  '0012-security': security,
  '0013-metrics': metrics,
  '0014-plain-verifiers': plainVerifiers,
  '0015-delivery-news': deliveryNews,
  '0016-delivery-terms': deliveryTerms,
  '0017-begun': begun,
  '0018-authorities': authorities,
}

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
