import { deleteEndedAccessKeys } from './access-keys.ts'
import type { Db } from './database.ts'

/** Takes away what has outlived its use. Signatures and keys go like sessions: at their own end. */
export async function deleteExpired(db: Db, limits: { sessionsBefore: Date; keysBefore: Date }): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', limits.sessionsBefore).execute()
  await deleteEndedAccessKeys(db, limits.sessionsBefore)
  await db.deleteFrom('used_signatures').where('until', '<', limits.sessionsBefore).execute()
  await db.deleteFrom('idempotency_keys').where('created_at', '<', limits.keysBefore).execute()
}
