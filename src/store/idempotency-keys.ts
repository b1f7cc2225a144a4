import { sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { Database, Db, Tx } from './database.ts'
import type { IdempotencyKeysTable } from './tables.ts'
import { replayed } from './used-signatures.ts'

/**
 * A change asked for with a key happens once, however often it is asked: the key is written in the change's own transaction,
 * so that a crash cannot part them. A repeat is told what the first request made.
 */
export type Once = {
  actor: string
  key: string
  /** By which the request is known again; the first is kept. Never a bare hash: bodies hold passwords. */
  requestMarks: [string, ...string[]]
  now: Date
  /** This very request came before: it may repeat what was done, and do nothing anew. */
  isReplay?: boolean
}

export type OnceResult = { resultId: string; isRepeat: boolean }

/** Throws `conflict` (`Idempotency.KeyReused`) when the key came with another request before. */
export async function changeOnce(
  db: Database,
  once: Once | undefined,
  change: (tx: Tx) => Promise<string>,
): Promise<OnceResult> {
  return await db.transaction().execute(async (tx) => {
    const before = once && (await lockKey(tx, once))
    if (before) return { resultId: before.result_id, isRepeat: true }
    const resultId = await change(tx)
    if (once) await putKey(tx, once, { result_id: resultId, begun_until: null })
    return { resultId, isRepeat: false }
  })
}

/** `again`: it was begun before, and nobody knows what became of it. */
export type Beginning = 'first' | 'again' | 'done'

/**
 * Of a change that is made outside the database, where no crash can be kept from parting it from its key. So the key says that it
 * is begun, until `finishOnce` says that it is done. Throws `conflict` (`Idempotency.UnderWay`) before `until`.
 */
export async function beginOnce(
  tx: Tx,
  once: Once,
  { resultId, until }: { resultId: string; until: Date },
): Promise<Beginning> {
  const before = await lockKey(tx, once)
  if (before && !before.begun_until) return 'done'
  if (before?.begun_until && before.begun_until > once.now) {
    const message = 'The first request with this Idempotency-Key is still under way. Repeat it in a minute.'
    throw new AppError('conflict', 'Idempotency.UnderWay', message)
  }
  await putKey(tx, once, { result_id: resultId, begun_until: until })
  return before ? 'again' : 'first'
}

/** `until`: by which it was begun; one that has been begun anew since is not this one's. */
export const finishOnce = (db: Db, once: Once, until: Date): Promise<void> => moveBegun(db, once, { until, to: null })

/** Nobody knows whether it is done, and nobody does it any more: a repeat may begin it again at once. */
export const expireBegun = (tx: Tx, once: Once, until: Date): Promise<void> =>
  moveBegun(tx, once, { until, to: once.now })

async function moveBegun(db: Db, { actor, key }: Once, { until, to }: { until: Date; to: Date | null }): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ begun_until: to })
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('begun_until', '=', until)
    .execute()
}

/** The change was refused after all: its key may be used again. */
export async function dropBegun(tx: Tx, { actor, key }: Once, until: Date): Promise<void> {
  await tx
    .deleteFrom('idempotency_keys')
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('begun_until', '=', until)
    .execute()
}

/** Has this very request left its key here? */
export async function isKeyKnown(db: Db, { actor, key, requestMarks }: Once): Promise<boolean> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select('key')
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('request_hash', 'in', requestMarks)
    .executeTakeFirst()
  return row !== undefined
}

/** What came with the key before. Repeats that arrive together wait here for the first. */
async function lockKey(tx: Tx, { actor, key, requestMarks, isReplay }: Once) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`idempotency ${actor} ${key}`}, 0))`.execute(tx)
  const row = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'result_id', 'begun_until'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!row && isReplay) throw replayed()
  if (!row || requestMarks.includes(row.request_hash)) return row
  throw new AppError(
    'conflict',
    'Idempotency.KeyReused',
    'This Idempotency-Key came with another request before. Use a new key for a new request.',
  )
}

type Stands = Pick<IdempotencyKeysTable, 'result_id' | 'begun_until'>

async function putKey(tx: Tx, { actor, key, requestMarks, now }: Once, stands: Stands): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({ actor, key, request_hash: requestMarks[0], created_at: now, ...stands })
    .onConflict((conflict) => conflict.columns(['actor', 'key']).doUpdateSet(stands))
    .execute()
}
