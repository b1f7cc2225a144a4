import { sql, type Kysely } from 'kysely'

/** Who may come in: service accounts with their key pairs, members that can be invited and shut out; and a search of what they did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table service_accounts (
    id text primary key,
    environment_id text not null references environments (id),
    name text not null,
    role text not null,
    -- Null: all Instances of the environment.
    instance_ids jsonb,
    expires_at timestamptz,
    disabled_at timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    constraint service_accounts_name unique (environment_id, name)
  )`,
  `create table access_keys (
    access_key text primary key,
    service_account_id text not null references service_accounts (id) on delete cascade,
    sealed_secret text not null,
    created_at timestamptz not null,
    -- Null: as long as its account.
    ends_at timestamptz,
    last_used_at timestamptz
  )`,
  `create index access_keys_by_account on access_keys (service_account_id, created_at desc)`,

  // Of changes alone, while the clock would let the same request in again.
  `create table used_signatures (
    signature text primary key,
    until timestamptz not null
  )`,
  `create index used_signatures_until on used_signatures (until)`,

  `alter table members add column disabled_at timestamptz`,
  // An invitation that nobody took up.
  `alter table members add column password_until timestamptz`,
  `alter table members add column last_signed_in_at timestamptz`,

  // A known word, sealed: it opens for whoever has the key of this database's secrets.
  `alter table environments add column secret_check text`,

  `create index audit_events_newest on audit_events (environment_id, id desc)`,
  `create index audit_events_by_actor on audit_events (actor, id desc)`,
]
