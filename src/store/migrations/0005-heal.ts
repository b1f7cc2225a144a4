import { sql, type Kysely } from 'kysely'

/** What healing needs to know: since when nothing can be served, which node hangs, which runs with something else,
 * and which standing Operation must look after its nodes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table instances add column down_since timestamptz`,
  `alter table instances add column canary_problem text`,
  `alter table nodes add column silent_since timestamptz`,
  `alter table nodes add column drift text`,
  `alter table operations add column tend_at timestamptz`,
]
