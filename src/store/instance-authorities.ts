import { firstStanding, type AuthorityStanding } from '../domain/authority-standing.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Db, Tx } from './database.ts'

/** An authority that signs for an Instance's nodes, or is trusted there. Its key lies sealed. */
export type InstanceAuthority = { number: number; certificate: string; sealedKey: string; createdAt: Date }

/** By number. */
export async function listInstanceAuthorities(db: Db, instanceId: InstanceId): Promise<InstanceAuthority[]> {
  const rows = await db
    .selectFrom('instance_authorities')
    .select(['number', 'certificate', 'sealed_key', 'created_at'])
    .where('instance_id', '=', instanceId)
    .orderBy('number')
    .execute()
  return rows.map(({ number, certificate, ...row }) => {
    return { number, certificate, sealedKey: row.sealed_key, createdAt: row.created_at }
  })
}

/** Nothing when there is one of this number already: the first that was made stays. */
export async function insertInstanceAuthority(
  db: Db,
  instanceId: InstanceId,
  { number, certificate, sealedKey, createdAt }: InstanceAuthority,
): Promise<void> {
  await db
    .insertInto('instance_authorities')
    .values({ instance_id: instanceId, number, certificate, sealed_key: sealedKey, created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['instance_id', 'number']).doNothing())
    .execute()
}

export async function findAuthorityStanding(db: Db, instanceId: InstanceId): Promise<AuthorityStanding> {
  const row = await db.selectFrom('instances').select('authority').where('id', '=', instanceId).executeTakeFirst()
  return row?.authority ?? firstStanding
}

/** Those that nobody trusts any more go, with their keys. */
export async function updateAuthorityStanding(
  tx: Tx,
  instanceId: InstanceId,
  { standing, now }: { standing: AuthorityStanding; now: Date },
): Promise<void> {
  await tx
    .updateTable('instances')
    .set({ authority: JSON.stringify(standing), updated_at: now })
    .where('id', '=', instanceId)
    .execute()
  await tx
    .deleteFrom('instance_authorities')
    .where('instance_id', '=', instanceId)
    .where('number', '<', standing.oldest)
    .execute()
}

export async function deleteInstanceAuthorities(tx: Tx, instanceId: InstanceId): Promise<void> {
  await tx.deleteFrom('instance_authorities').where('instance_id', '=', instanceId).execute()
}
