import { sql, type Kysely } from 'kysely'

/** By what nodes know passwords that come by SASL PLAIN. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table plain_verifiers (
    instance_id text not null references instances (id),
    user_name text not null,
    sealed_verifier text not null,
    primary key (instance_id, user_name)
  )`,
]
