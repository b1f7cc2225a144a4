import { sql, type Kysely } from 'kysely'

/** Instances whose nodes know each other, and their clients, by certificates. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Null: made before, or asked for nothing but the plain listener.
  `alter table nodes add column internal_port integer`,

  `create table instance_authorities (
    instance_id text primary key references instances (id),
    certificate text not null,
    sealed_key text not null,
    created_at timestamptz not null
  )`,
]
