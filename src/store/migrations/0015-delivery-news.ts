import { sql, type Kysely } from 'kysely'

/** Whether the Activity has said that metrics do not arrive, and not yet that they do again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table metrics_deliveries add column trouble_told boolean not null default false`.execute(db)
}
