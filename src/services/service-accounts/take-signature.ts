import { isKeyKnown, type Once } from '../../store/idempotency-keys.ts'
import { replayed, useSignature } from '../../store/used-signatures.ts'
import type { ServiceContext } from '../context.ts'

/** `once`: the Idempotency-Key, where it is signed as well. */
type Use = { signature: string; until: Date; once: Once | undefined; mayRepeat: boolean }

/**
 * Lets a signature make one change. What came before may come again as a repeat of what was done with its signed Idempotency-Key,
 * and make nothing anew: a request that was refused left no key. It may also come again where it `mayRepeat`. Throws
 * `unauthenticated` (`Signature.Replayed`) otherwise.
 */
export async function takeSignature(
  { db }: Pick<ServiceContext, 'db'>,
  { signature, until, once, mayRepeat }: Use,
): Promise<Once | undefined> {
  if (await useSignature(db, signature, until)) return once
  if (once && (await isKeyKnown(db, once))) return { ...once, isReplay: true }
  if (!mayRepeat) throw replayed()
  return once
}
