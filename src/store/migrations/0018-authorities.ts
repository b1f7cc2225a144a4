import { sql, type Kysely } from 'kysely'

/** An Instance's authority can be exchanged: for a while there are two. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Which of them are trusted and which one signs, by number.
  `alter table instances add column authority jsonb not null default '{"oldest": 1, "signing": 1, "newest": 1}'`,

  `alter table instance_authorities add column number integer not null default 1`,
  `alter table instance_authorities alter column number drop default`,
  `alter table instance_authorities drop constraint instance_authorities_pkey`,
  `alter table instance_authorities add primary key (instance_id, number)`,
]
