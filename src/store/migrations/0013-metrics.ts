import { sql, type Kysely } from 'kysely'

/** What Instances did in the last day, and what is to be sent on of their metrics. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // One row a minute. Null: nobody knows.
  `create table instance_minutes (
    instance_id text not null references instances (id),
    at timestamptz not null,
    bytes_in real,
    bytes_out real,
    requests real,
    storage_bytes bigint,
    primary key (instance_id, at)
  )`,
  `create index instance_minutes_by_time on instance_minutes (at)`,

  // Of whoever tells no metrics, by Kafka id.
  `alter table instances add column metrics_problems jsonb`,

  // How it goes with sending an Instance's metrics on; there while they are to be sent.
  `create table metrics_deliveries (
    instance_id text primary key references instances (id),
    last_success_at timestamptz,
    last_error text,
    last_error_at timestamptz,
    failures integer not null default 0,
    retry_at timestamptz,
    dropped bigint not null default 0,
    samples_per_minute integer not null default 0,
    -- Whoever sends holds it, so that nothing is sent in another order.
    lease_until timestamptz
  )`,

  // What waits to be sent: encoded series, the oldest first.
  `create table metrics_parcels (
    id bigint generated always as identity primary key,
    instance_id text not null references metrics_deliveries (instance_id) on delete cascade,
    at timestamptz not null,
    samples integer not null,
    body bytea not null
  )`,
  `create index metrics_parcels_in_order on metrics_parcels (instance_id, id)`,
]
