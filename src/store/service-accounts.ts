import type { Selectable } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { ServiceAccountId } from '../domain/id.ts'
import type { Role } from '../domain/permission.ts'
import type { ServiceAccount } from '../domain/service-account.ts'
import { isUniqueViolation } from './constraints.ts'
import type { Db, Tx } from './database.ts'
import type { Page } from './instance-list.ts'
import type { ServiceAccountsTable } from './tables.ts'

/** Rows of service accounts. Their key pairs stand in `access-keys.ts`. */

/** Throws `conflict` (`ServiceAccount.NameTaken`). */
export async function insertServiceAccount(tx: Tx, account: ServiceAccount): Promise<void> {
  const { id, environmentId, name, role, instanceIds, expiresAt, disabledAt, createdBy, createdAt } = account
  const values = {
    id,
    environment_id: environmentId,
    name,
    role,
    instance_ids: instanceIds && JSON.stringify(instanceIds),
    expires_at: expiresAt,
    disabled_at: disabledAt,
    created_by: createdBy,
    created_at: createdAt,
  }
  try {
    await tx.insertInto('service_accounts').values(values).execute()
  } catch (thrown) {
    if (!isUniqueViolation(thrown, 'service_accounts_name')) throw thrown
    throw new AppError('conflict', 'ServiceAccount.NameTaken', `There is a service account named "${name}" already.`)
  }
}

export async function getServiceAccount(db: Db, id: ServiceAccountId): Promise<ServiceAccount> {
  return found(await db.selectFrom('service_accounts').selectAll().where('id', '=', id).executeTakeFirst(), id)
}

/** The account, held against other writers until the transaction ends. */
export async function lockServiceAccount(tx: Tx, id: ServiceAccountId): Promise<ServiceAccount> {
  const query = tx.selectFrom('service_accounts').selectAll().where('id', '=', id).forUpdate()
  return found(await query.executeTakeFirst(), id)
}

function found(row: Selectable<ServiceAccountsTable> | undefined, id: string): ServiceAccount {
  if (row) return serviceAccountFrom(row)
  throw new AppError('not-found', 'ServiceAccount.NotFound', `There is no service account ${id}.`)
}

export type ServiceAccountQuery = { environmentId: string; page: number; size: number }

/** By name. */
export async function listServiceAccounts(db: Db, query: ServiceAccountQuery): Promise<Page<ServiceAccount>> {
  const matching = db.selectFrom('service_accounts').where('environment_id', '=', query.environmentId)
  const { total } = await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await matching
    .selectAll()
    .orderBy('name')
    .limit(query.size)
    .offset((query.page - 1) * query.size)
    .execute()
  return { total, list: rows.map(serviceAccountFrom) }
}

export type ServiceAccountChange = Pick<ServiceAccount, 'role' | 'instanceIds' | 'expiresAt' | 'disabledAt'>

export async function updateServiceAccount(tx: Tx, id: ServiceAccountId, change: ServiceAccountChange): Promise<void> {
  const { role, instanceIds, expiresAt, disabledAt } = change
  await tx
    .updateTable('service_accounts')
    .set({
      role,
      instance_ids: instanceIds && JSON.stringify(instanceIds),
      expires_at: expiresAt,
      disabled_at: disabledAt,
    })
    .where('id', '=', id)
    .execute()
}

/** Its key pairs go with it. */
export async function deleteServiceAccount(tx: Tx, id: ServiceAccountId): Promise<void> {
  await tx.deleteFrom('service_accounts').where('id', '=', id).execute()
}

export const serviceAccountFrom = (row: Selectable<ServiceAccountsTable>): ServiceAccount => ({
  id: row.id,
  environmentId: row.environment_id,
  name: row.name,
  role: row.role as Role,
  instanceIds: row.instance_ids,
  expiresAt: row.expires_at,
  disabledAt: row.disabled_at,
  createdBy: row.created_by,
  createdAt: row.created_at,
})
