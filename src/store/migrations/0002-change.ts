import { sql, type Kysely } from 'kysely'

/** What a change of a running Instance needs to know: where it came from, and what is to become of each node. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table instances add column before jsonb`,
  `alter table nodes add column intent text not null default 'stay'`,
]
