import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** The authority that signs for an Instance's nodes. Its key lies sealed. */
export type InstanceAuthority = { certificate: string; sealedKey: string }

export async function findInstanceAuthority(db: Db, instanceId: InstanceId): Promise<InstanceAuthority | undefined> {
  const row = await db
    .selectFrom('instance_authorities')
    .select(['certificate', 'sealed_key'])
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  return row && { certificate: row.certificate, sealedKey: row.sealed_key }
}

/** Nothing when there is one already: the first that was made stays. */
export async function insertInstanceAuthority(
  db: Db,
  instanceId: InstanceId,
  { certificate, sealedKey, now }: InstanceAuthority & { now: Date },
): Promise<void> {
  await db
    .insertInto('instance_authorities')
    .values({ instance_id: instanceId, certificate, sealed_key: sealedKey, created_at: now })
    .onConflict((conflict) => conflict.column('instance_id').doNothing())
    .execute()
}

export async function deleteInstanceAuthority(db: Db, instanceId: InstanceId): Promise<void> {
  await db.deleteFrom('instance_authorities').where('instance_id', '=', instanceId).execute()
}
