import type { Db } from './database.ts'

/** Takes away what has outlived its use. */
export async function deleteExpired(db: Db, limits: { sessionsBefore: Date; keysBefore: Date }): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', limits.sessionsBefore).execute()
  await db.deleteFrom('idempotency_keys').where('created_at', '<', limits.keysBefore).execute()
}
