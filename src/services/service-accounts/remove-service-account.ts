import { deleteServiceAccount, lockServiceAccount } from '../../store/service-accounts.ts'
import { recordChange } from '../audit/record-change.ts'
import type { ServiceContext } from '../context.ts'
import type { AccountRequest } from './change-service-account.ts'

type Store = Pick<ServiceContext, 'db' | 'environmentId' | 'now'>

/** Its keys open nothing from now on. What it did stays in the audit. */
export async function removeServiceAccount(context: Store, { id, actor }: AccountRequest): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const { name, role } = await lockServiceAccount(tx, id)
    await deleteServiceAccount(tx, id)
    const record = { action: 'service-account.delete', subject: name, actor, before: { role } }
    await recordChange(tx, context, record)
  })
}
