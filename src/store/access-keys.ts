import { sql, type Selectable } from 'kysely'
import type { ServiceAccountId } from '../domain/id.ts'
import type { ServiceAccount } from '../domain/service-account.ts'
import type { Db, Tx } from './database.ts'
import { serviceAccountFrom } from './service-accounts.ts'
import type { SecretBox } from './secret-box.ts'
import type { AccessKeysTable } from './tables.ts'

/** The key pairs of service accounts: two of one account while a new one takes over. */
export type AccessKey = {
  accessKey: string
  serviceAccountId: ServiceAccountId
  createdAt: Date
  /** Null: as long as its account. */
  endsAt: Date | null
  lastUsedAt: Date | null
}

const ownerOf = (accessKey: string): string => `access-key/${accessKey}`

export async function insertAccessKey(
  tx: Tx,
  key: AccessKey,
  { secretKey, box }: { secretKey: string; box: SecretBox },
): Promise<void> {
  await tx
    .insertInto('access_keys')
    .values({
      access_key: key.accessKey,
      service_account_id: key.serviceAccountId,
      sealed_secret: box.seal(secretKey, ownerOf(key.accessKey)),
      created_at: key.createdAt,
      ends_at: key.endsAt,
      last_used_at: key.lastUsedAt,
    })
    .execute()
}

/** The newest first. */
export async function listAccessKeys(db: Db, accounts: ServiceAccountId[]): Promise<AccessKey[]> {
  if (accounts.length === 0) return []
  const query = db.selectFrom('access_keys').selectAll().where('service_account_id', 'in', accounts)
  return (await query.orderBy('created_at', 'desc').orderBy('access_key').execute()).map(accessKeyFrom)
}

export type SignerRow = { account: ServiceAccount; key: AccessKey; secretKey: string }

/** Whose key it is, whatever has become of either. A key that nobody has takes as long: callers must not learn which there are. */
export async function findSignerRow(db: Db, accessKey: string, box: SecretBox): Promise<SignerRow | undefined> {
  const row = await db
    .selectFrom('access_keys')
    .innerJoin('service_accounts', 'service_accounts.id', 'access_keys.service_account_id')
    .selectAll('service_accounts')
    .select(['access_key', 'service_account_id', 'sealed_secret', 'ends_at', 'last_used_at'])
    .select('access_keys.created_at as key_created_at')
    .where('access_key', '=', accessKey)
    .executeTakeFirst()
  const owner = ownerOf(accessKey)
  const secretKey = box.open(row?.sealed_secret ?? box.seal('', owner), owner)
  if (!row) return undefined
  const key = accessKeyFrom({ ...row, created_at: row.key_created_at })
  return { account: serviceAccountFrom(row), key, secretKey }
}

/** Moves `last_used_at` on, unless another request has done so since `unlessAfter`. */
export async function touchAccessKey(db: Db, accessKey: string, { now, unlessAfter }: Touch): Promise<void> {
  await db
    .updateTable('access_keys')
    .set({ last_used_at: now })
    .where('access_key', '=', accessKey)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', unlessAfter)]))
    .execute()
}

type Touch = { now: Date; unlessAfter: Date }

/** Lets the newest key end at `endsAt`, or when it did anyway; all older ones are gone at once. */
export async function endAccessKeys(tx: Tx, account: ServiceAccountId, endsAt: Date): Promise<void> {
  const newest = sql<string>`(select access_key from access_keys where service_account_id = ${account}
    order by created_at desc, access_key limit 1)`
  await tx
    .deleteFrom('access_keys')
    .where('service_account_id', '=', account)
    .where('access_key', '!=', newest)
    .execute()
  await tx
    .updateTable('access_keys')
    .set({ ends_at: sql<Date>`least(ends_at, ${endsAt}::timestamptz)` })
    .where('service_account_id', '=', account)
    .execute()
}

export async function deleteEndedAccessKeys(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('access_keys').where('ends_at', '<=', now).execute()
}

const accessKeyFrom = (row: Selectable<AccessKeysTable>): AccessKey => ({
  accessKey: row.access_key,
  serviceAccountId: row.service_account_id,
  createdAt: row.created_at,
  endsAt: row.ends_at,
  lastUsedAt: row.last_used_at,
})
