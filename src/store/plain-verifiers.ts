import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** By what the nodes of an Instance know passwords that come by SASL PLAIN, one sealed text a user. */
export type SealedVerifier = { userName: string; sealed: string }

export async function listPlainVerifiers(db: Db, instanceId: InstanceId): Promise<SealedVerifier[]> {
  const rows = await db
    .selectFrom('plain_verifiers')
    .select(['user_name', 'sealed_verifier'])
    .where('instance_id', '=', instanceId)
    .orderBy('user_name')
    .execute()
  return rows.map((row) => ({ userName: row.user_name, sealed: row.sealed_verifier }))
}

export async function listPlainUsers(db: Db, instanceId: InstanceId): Promise<string[]> {
  const query = db.selectFrom('plain_verifiers').select('user_name').where('instance_id', '=', instanceId)
  return (await query.execute()).map((row) => row.user_name)
}

/** In place of the one before, if there is one. */
export async function putPlainVerifier(
  db: Db,
  instanceId: InstanceId,
  { userName, sealed }: SealedVerifier,
): Promise<void> {
  await db
    .insertInto('plain_verifiers')
    .values({ instance_id: instanceId, user_name: userName, sealed_verifier: sealed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'user_name']).doUpdateSet({ sealed_verifier: sealed }))
    .execute()
}

export async function deletePlainVerifier(db: Db, instanceId: InstanceId, userName: string): Promise<void> {
  const deletion = db.deleteFrom('plain_verifiers').where('instance_id', '=', instanceId)
  await deletion.where('user_name', '=', userName).execute()
}

export async function deletePlainVerifiers(db: Db, instanceId: InstanceId): Promise<void> {
  await db.deleteFrom('plain_verifiers').where('instance_id', '=', instanceId).execute()
}
