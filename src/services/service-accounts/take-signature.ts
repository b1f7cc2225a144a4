import { AppError } from '../../domain/errors.ts'
import { useSignature } from '../../store/used-signatures.ts'
import type { ServiceContext } from '../context.ts'

type Use = { signature: string; until: Date; mayRepeat: boolean }

/** Lets a signature make a change. Throws `unauthenticated` (`Signature.Replayed`) when it has made one already and may not repeat it. */
export async function takeSignature({ db }: Pick<ServiceContext, 'db'>, use: Use): Promise<void> {
  const isFirst = await useSignature(db, use.signature, use.until)
  if (isFirst || use.mayRepeat) return
  const message = 'This very request was received before. To send it again, sign it anew with the time of now.'
  throw new AppError('unauthenticated', 'Signature.Replayed', message)
}
