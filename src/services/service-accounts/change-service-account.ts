import { AppError } from '../../domain/errors.ts'
import type { ServiceAccountId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { ServiceAccount } from '../../domain/service-account.ts'
import { lockServiceAccount, updateServiceAccount } from '../../store/service-accounts.ts'
import { recordChange } from '../audit/record-change.ts'
import { changeOnce, type Once, type OnceResult, type ServiceContext } from '../context.ts'
import { refuseWrongTerms, type AccountTerms } from './account-terms.ts'

/** What every change of a service account is asked with. */
export type AccountRequest = { id: ServiceAccountId; actor: Actor; once?: Once | undefined }

export type TermsChange = { [K in keyof AccountTerms]?: AccountTerms[K] | undefined } & {
  isDisabled?: boolean | undefined
}

/** Holds from the next request on. */
export async function changeServiceAccount(
  context: ServiceContext,
  { id, actor, once, change }: AccountRequest & { change: TermsChange },
): Promise<OnceResult> {
  if (Object.values(change).every((value) => value === undefined)) {
    const message = 'Name at least one field to change: role, instanceIds, expiresAt, isDisabled.'
    throw new AppError('invalid', 'Request.NothingToChange', message)
  }
  const now = context.now()
  return await changeOnce(context.db, once, async (tx) => {
    const before = await lockServiceAccount(tx, id)
    const after = changed(before, change, now)
    await refuseWrongTerms(tx, after, { now, before })
    await updateServiceAccount(tx, id, after)
    const record = { action: 'service-account.change', subject: before.name, actor }
    await recordChange(tx, context, { ...record, before: wordsOf(before), after: wordsOf(after) })
    return id
  })
}

type Changeable = AccountTerms & Pick<ServiceAccount, 'disabledAt'>

function changed(before: Changeable, change: TermsChange, now: Date): Changeable {
  const { role = before.role, instanceIds = before.instanceIds, expiresAt = before.expiresAt, isDisabled } = change
  const disabledAt = isDisabled === undefined ? before.disabledAt : isDisabled ? (before.disabledAt ?? now) : null
  return { role, instanceIds, expiresAt, disabledAt }
}

const wordsOf = ({ role, instanceIds, expiresAt, disabledAt }: Changeable) => ({
  role,
  instanceIds,
  expiresAt,
  isDisabled: disabledAt !== null,
})
