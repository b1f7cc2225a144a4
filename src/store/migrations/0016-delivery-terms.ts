import { sql, type Kysely } from 'kysely'

/** Whose lease it is to send metrics, and when metrics should be there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table metrics_deliveries
      -- Nobody else's verdict counts; another receiver ends it.
      add column lease_id uuid,
      add column measured_at timestamptz,
      add column measure_due_at timestamptz`.execute(db)
}
