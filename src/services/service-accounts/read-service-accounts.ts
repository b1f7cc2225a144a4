import type { ServiceAccountId } from '../../domain/id.ts'
import type { ServiceAccount } from '../../domain/service-account.ts'
import { listAccessKeys, type AccessKey } from '../../store/access-keys.ts'
import { getServiceAccount, listServiceAccounts } from '../../store/service-accounts.ts'
import type { ServiceContext } from '../context.ts'

/** A service account with the public halves of its key pairs, the newest first. */
export type ServiceAccountReading = { account: ServiceAccount; keys: AccessKey[] }

/** Throws `not-found` (`ServiceAccount.NotFound`). */
export async function readServiceAccount({ db }: ServiceContext, id: ServiceAccountId): Promise<ServiceAccountReading> {
  return { account: await getServiceAccount(db, id), keys: await listAccessKeys(db, [id]) }
}

export async function readServiceAccounts(
  { db, environmentId }: ServiceContext,
  query: { page: number; size: number },
): Promise<{ total: number; list: ServiceAccountReading[] }> {
  const { total, list } = await listServiceAccounts(db, { ...query, environmentId })
  const keys = await listAccessKeys(
    db,
    list.map(({ id }) => id),
  )
  const ofAccount = Map.groupBy(keys, ({ serviceAccountId }) => serviceAccountId)
  return { total, list: list.map((account) => ({ account, keys: ofAccount.get(account.id) ?? [] })) }
}
