import { serviceAccountIdFrom, type ServiceAccountId } from '../../domain/id.ts'
import { accountNameProblem } from '../../domain/names.ts'
import type { Actor } from '../../domain/permission.ts'
import type { ServiceAccount } from '../../domain/service-account.ts'
import { insertServiceAccount } from '../../store/service-accounts.ts'
import { recordChange } from '../audit/record-change.ts'
import { changeOnce, type Once, type ServiceContext } from '../context.ts'
import { refuseAccount, refuseWrongTerms, type AccountTerms } from './account-terms.ts'
import { addKeyPair, makeKeyPair, type KeyPair } from './key-pair.ts'

export type NewServiceAccount = AccountTerms & { name: string; actor: Actor; once: Once | undefined }

/** `pair` is for the first request alone: a repeat cannot be told the secret half. */
export type WithKeyPair = { id: ServiceAccountId; pair: KeyPair | null; isRepeat: boolean }

/** Throws `conflict` (`ServiceAccount.NameTaken`), or `invalid` that names each wrong field. */
export async function createServiceAccount(context: ServiceContext, asked: NewServiceAccount): Promise<WithKeyPair> {
  const { name, role, instanceIds, expiresAt, actor, once } = asked
  const problem = accountNameProblem(name)
  refuseAccount(problem ? [{ path: 'name', message: problem }] : [])
  const pair = makeKeyPair(context.random)
  const now = context.now()
  const { resultId, isRepeat } = await changeOnce(context.db, once, async (tx) => {
    await refuseWrongTerms(tx, { role, instanceIds, expiresAt }, { now })
    const account: ServiceAccount = {
      id: serviceAccountIdFrom(context.random(16)),
      environmentId: context.environmentId,
      name,
      role,
      instanceIds,
      expiresAt,
      disabledAt: null,
      createdBy: actor.name,
      createdAt: now,
    }
    await insertServiceAccount(tx, account)
    await addKeyPair(tx, context, { accountId: account.id, pair })
    const after = { role, instanceIds, expiresAt, accessKey: pair.accessKey }
    await recordChange(tx, context, { action: 'service-account.create', subject: name, actor, after })
    return account.id
  })
  return { id: resultId as ServiceAccountId, pair: isRepeat ? null : pair, isRepeat }
}
