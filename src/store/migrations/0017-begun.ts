import { sql, type Kysely } from 'kysely'

/** What is under way outside the database. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // While it is set, nobody knows whether what was asked for with this key is done; from then on it may be done again.
  `alter table idempotency_keys add column begun_until timestamptz`,

  // Whoever changes a user of an Instance's Kafka holds its name.
  `create table user_claims (
    instance_id text not null references instances (id),
    user_name text not null,
    claim_id uuid not null,
    claimed_until timestamptz not null,
    primary key (instance_id, user_name)
  )`,
]
