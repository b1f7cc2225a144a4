import { sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { Database, Tx } from './database.ts'

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
}

export type OnceResult = { resultId: string; isRepeat: boolean }

/** Throws `conflict` (`Idempotency.KeyReused`) when the key came with another request before. */
export async function changeOnce(
  db: Database,
  once: Once | undefined,
  change: (tx: Tx) => Promise<string>,
): Promise<OnceResult> {
  return await db.transaction().execute(async (tx) => {
    const before = once && (await findResult(tx, once))
    if (before !== undefined) return { resultId: before, isRepeat: true }
    const resultId = await change(tx)
    if (once) await insertKey(tx, once, resultId)
    return { resultId, isRepeat: false }
  })
}

/** Repeats that arrive together wait here for the first. */
async function findResult(tx: Tx, { actor, key, requestMarks }: Once): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`idempotency ${actor} ${key}`}, 0))`.execute(tx)
  const row = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'result_id'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!row || requestMarks.includes(row.request_hash)) return row?.result_id
  throw new AppError(
    'conflict',
    'Idempotency.KeyReused',
    'This Idempotency-Key came with another request before. Use a new key for a new request.',
  )
}

/** The change was refused after all: its key may be used again. */
export async function dropKey(tx: Tx, { actor, key }: Once): Promise<void> {
  await tx.deleteFrom('idempotency_keys').where('actor', '=', actor).where('key', '=', key).execute()
}

async function insertKey(tx: Tx, { actor, key, requestMarks, now }: Once, resultId: string): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({ actor, key, request_hash: requestMarks[0], result_id: resultId, created_at: now })
    .execute()
}
