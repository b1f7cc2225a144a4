import { AppError } from '../../domain/errors.ts'
import { useSignature } from '../../store/used-signatures.ts'
import type { ServiceContext } from '../context.ts'

/** Lets a signature make one change. Throws `unauthenticated` (`Signature.Replayed`) when it has made one already. */
export async function useOnce(
  { db }: Pick<ServiceContext, 'db'>,
  { signature, until }: { signature: string; until: Date },
): Promise<void> {
  if (await useSignature(db, signature, until)) return
  const message = 'This very request was received before. To send it again, sign it anew with the time of now.'
  throw new AppError('unauthenticated', 'Signature.Replayed', message)
}
