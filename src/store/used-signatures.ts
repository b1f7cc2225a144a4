import { AppError } from '../domain/errors.ts'
import type { Db } from './database.ts'

/**
 * Writes a signature down as used, in a table that all processes share. False when it was there already: somebody sends a
 * request that was sent before. `until` is when its clock tolerance ends, and with it the need to remember.
 */
export async function useSignature(db: Db, signature: string, until: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('used_signatures')
    .values({ signature, until })
    .onConflict((conflict) => conflict.column('signature').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

export const replayed = () =>
  new AppError(
    'unauthenticated',
    'Signature.Replayed',
    'This very request was received before. To send it again, sign it anew with the time of now.',
  )
