import { sql, type Kysely } from 'kysely'

/** What people search by and duties look for, kept ready: looking through every row on each request costs a big fleet a core. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // In small letters, so that a search compares and converts nothing.
  `alter table instances add column search_text text not null
    generated always as (lower(name || e'\\n' || coalesce(description, ''))) stored`,
  `create index nodes_stopped on nodes (instance_id) where health = 'stopped'`,
]
