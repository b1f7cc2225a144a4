import { AppError } from '../domain/errors.ts'
import type { Database, Tx } from './database.ts'

/** The environment that this database serves with. Every process on the database agrees on its provider and where its nodes are. */
export type EnvironmentClaim = { id: string; provider: string; providerRoot: string | null; now: Date }

/**
 * Registers the environment at its first start, and answers where its nodes are: what the first process said. Throws
 * `conflict` (`Environment.OtherProvider`) when it was begun with another provider.
 */
export async function claimEnvironment(
  db: Database,
  claim: EnvironmentClaim,
): Promise<{ providerRoot: string | null }> {
  await db
    .insertInto('environments')
    .values({ id: claim.id, provider: claim.provider, provider_root: claim.providerRoot, created_at: claim.now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const row = await db.selectFrom('environments').selectAll().where('id', '=', claim.id).executeTakeFirstOrThrow()
  if (row.provider === claim.provider) return { providerRoot: row.provider_root }
  throw new AppError(
    'conflict',
    'Environment.OtherProvider',
    `Environment ${claim.id} was begun with the provider "${row.provider}". Set MILLRACE_PROVIDER=${row.provider}, or choose another MILLRACE_ENVIRONMENT_ID.`,
  )
}

/** Held against everybody else who does something once for the whole environment. */
export async function holdEnvironment(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('environments').select('id').where('id', '=', id).forUpdate().execute()
}
