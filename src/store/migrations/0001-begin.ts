import { sql, type Kysely } from 'kysely'

/** Instances and what happens to them, events and audit, people and their sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table environments (
    id text primary key,
    provider text not null,
    provider_root text,
    created_at timestamptz not null
  )`,

  `create table instances (
    id text primary key,
    environment_id text not null references environments (id),
    name text not null,
    description text,
    state text not null,
    state_reason text,
    state_since timestamptz not null,
    version text not null,
    target_version text not null,
    cluster_id text not null,
    aku integer not null,
    spec jsonb not null,
    features jsonb not null,
    tags jsonb not null,
    node_count integer not null,
    health text not null,
    health_reason text,
    statistics jsonb,
    observed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    check ((state = 'Deleted') = (deleted_at is not null))
  )`,
  // A deleted name is free at once.
  `create unique index instances_living_name on instances (environment_id, name) where deleted_at is null`,
  // One index for each order the list offers; the id makes every order total.
  `create index instances_by_created on instances (environment_id, created_at desc, id) where deleted_at is null`,
  `create index instances_by_name on instances (environment_id, name, id) where deleted_at is null`,
  `create index instances_by_state on instances (environment_id, state, created_at desc, id)`,
  `create index instances_by_aku on instances (environment_id, aku, id) where deleted_at is null`,
  `create index instances_deleted on instances (environment_id, deleted_at desc) where deleted_at is not null`,

  `create table nodes (
    id text primary key,
    instance_id text not null references instances (id),
    environment_id text not null,
    kafka_id integer not null,
    roles jsonb not null,
    zone text not null,
    subnet text not null,
    address text not null,
    port integer not null,
    controller_port integer not null,
    directory_id text not null,
    version text,
    target_version text not null,
    health text not null,
    health_reason text,
    memory_bytes bigint,
    disk_bytes bigint,
    started_at timestamptz,
    observed_at timestamptz,
    unique (instance_id, kafka_id),
    -- Two Instances can never be given the same place, whatever races.
    unique (environment_id, address, port)
  )`,
  `create index nodes_by_subnet on nodes (environment_id, subnet)`,

  `create sequence lease_epochs`,
  `create table operations (
    id text primary key,
    environment_id text not null,
    instance_id text not null references instances (id),
    kind text not null,
    outcome text not null,
    step text not null,
    notes jsonb not null,
    input jsonb not null,
    waiting_reason text,
    failures integer not null,
    error jsonb,
    actor text not null,
    gives_way boolean not null,
    run_at timestamptz not null,
    paused_at timestamptz,
    cancel_requested_at timestamptz,
    is_cancelling boolean not null default false,
    deadline_at timestamptz,
    is_overdue boolean not null default false,
    lease_owner text,
    lease_epoch bigint not null default 0,
    lease_until timestamptz,
    created_at timestamptz not null,
    ended_at timestamptz
  )`,
  // One change at a time: a failed Operation stays open until it is retried or replaced.
  `create unique index operations_open on operations (instance_id) where outcome in ('active', 'failed')`,
  `create index operations_due on operations (run_at) where outcome = 'active' and paused_at is null`,
  `create index operations_by_instance on operations (instance_id, created_at desc)`,
  `create index operations_by_created on operations (environment_id, created_at desc, id)`,

  `create table steps (
    operation_id text not null references operations (id),
    seq integer not null,
    name text not null,
    outcome text not null,
    attempts integer not null,
    waiting_reason text,
    error jsonb,
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (operation_id, seq)
  )`,

  `create table events (
    id bigint generated always as identity primary key,
    environment_id text not null,
    instance_id text,
    operation_id text,
    kind text not null,
    message text not null,
    created_at timestamptz not null
  )`,
  `create index events_by_instance on events (instance_id, id desc)`,

  `create table audit_events (
    id bigint generated always as identity primary key,
    environment_id text not null,
    action text not null,
    actor text not null,
    source text,
    instance_id text,
    operation_id text,
    detail jsonb,
    created_at timestamptz not null
  )`,
  `create index audit_events_by_instance on audit_events (instance_id, id desc)`,

  `create table members (
    id text primary key,
    name text not null unique,
    password_hash text not null,
    role text not null,
    must_change_password boolean not null,
    failed_sign_ins integer not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null
  )`,
  `create table sessions (
    token_hash text primary key,
    member_id text not null references members (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,

  `create table idempotency_keys (
    actor text not null,
    key text not null,
    request_hash text not null,
    result_id text not null,
    created_at timestamptz not null,
    primary key (actor, key)
  )`,

  // Standing duties: whichever process moves next_run_at on does the round.
  `create table duties (
    name text primary key,
    next_run_at timestamptz not null
  )`,
]
