import { isKeyKnown, type Once } from '../../store/idempotency-keys.ts'
import { replayed, useSignature } from '../../store/used-signatures.ts'
import type { ServiceContext } from '../context.ts'

/**
 * Lets a signature make one change. What came before may come again as a repeat of what was done with its signed Idempotency-Key,
 * and make nothing anew: a request that was refused left no key. Throws `unauthenticated` (`Signature.Replayed`) otherwise.
 */
export async function useOnce(
  { db }: Pick<ServiceContext, 'db'>,
  { signature, until, once }: { signature: string; until: Date; once: Once | undefined },
): Promise<Once | undefined> {
  if (await useSignature(db, signature, until)) return once
  if (!once || !(await isKeyKnown(db, once))) throw replayed()
  return { ...once, isReplay: true }
}
