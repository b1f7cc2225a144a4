import { sql, type Kysely } from 'kysely'

/** For a big fleet: who may need healing and what people search for, by index; whose turn it is to be looked at. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table duties add column turn bigint not null default 1`,
  `drop index nodes_stopped`,
  `create index nodes_ailing on nodes (instance_id) where health in ('stopped', 'unreachable')`,
  // A PostgreSQL without this module, or where we may not create it, searches row by row.
  `do $$ begin
    create extension if not exists pg_trgm;
    create index instances_by_text on instances using gin (search_text gin_trgm_ops);
  exception when others then
    raise warning 'The search goes through all rows: %', sqlerrm;
  end $$`,
]
