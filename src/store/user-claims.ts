import { sql } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** The names of users that somebody changes just now. Who is lost while he changes one holds it until its time is over. */
export type UserClaim = { instanceId: InstanceId; name: string; claimId: string }

/** Undefined: somebody else has it. */
export async function claimUser(
  db: Db,
  { instanceId, name }: Omit<UserClaim, 'claimId'>,
  { now, until }: { now: Date; until: Date },
): Promise<UserClaim | undefined> {
  const claim = { claim_id: sql<string>`gen_random_uuid()`, claimed_until: until }
  const row = await db
    .insertInto('user_claims')
    .values({ instance_id: instanceId, user_name: name, ...claim })
    .onConflict((conflict) =>
      conflict.columns(['instance_id', 'user_name']).doUpdateSet(claim).where('user_claims.claimed_until', '<', now),
    )
    .returning('claim_id')
    .executeTakeFirst()
  return row && { instanceId, name, claimId: row.claim_id }
}

export async function releaseUser(db: Db, { instanceId, name, claimId }: UserClaim): Promise<void> {
  await db
    .deleteFrom('user_claims')
    .where('instance_id', '=', instanceId)
    .where('user_name', '=', name)
    .where('claim_id', '=', claimId)
    .execute()
}
