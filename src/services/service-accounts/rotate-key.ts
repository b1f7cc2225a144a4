import { endAccessKeys } from '../../store/access-keys.ts'
import { lockServiceAccount } from '../../store/service-accounts.ts'
import { recordChange } from '../audit/record-change.ts'
import { changeOnce, type ServiceContext } from '../context.ts'
import type { AccountRequest } from './change-service-account.ts'
import type { WithKeyPair } from './create-service-account.ts'
import { addKeyPair, makeKeyPair } from './key-pair.ts'

/** Gives a new key pair. The one before goes on for `overlapSeconds`, so that programs can be moved over; older ones end now. */
export async function rotateKey(
  context: ServiceContext,
  { id, actor, once, overlapSeconds }: AccountRequest & { overlapSeconds: number },
): Promise<WithKeyPair> {
  const pair = makeKeyPair(context.random)
  const { isRepeat } = await changeOnce(context.db, once, async (tx) => {
    const { name } = await lockServiceAccount(tx, id)
    await endAccessKeys(tx, id, new Date(context.now().getTime() + overlapSeconds * 1000))
    await addKeyPair(tx, context, { accountId: id, pair })
    const after = { accessKey: pair.accessKey, overlapSeconds }
    await recordChange(tx, context, { action: 'service-account.rotate', subject: name, actor, after })
    return id
  })
  return { id, pair: isRepeat ? null : pair, isRepeat }
}
