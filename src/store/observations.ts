import { sql } from 'kysely'
import type { InstanceId, NodeId } from '../domain/id.ts'
import type { InstanceStatistics } from '../domain/instance.ts'
import type { Db } from './database.ts'
import type { NodeSeen } from './nodes.ts'

/**
 * What standing duties saw of many Instances, in one statement each. A row that somebody else is writing at this moment is
 * left out: nobody waits, and the next look sees it again. Seeing touches neither state nor `updated_at`: it is no change.
 */
export type SeenNode = NodeSeen & { id: NodeId }

export async function recordNodesSeen(db: Db, nodes: SeenNode[]): Promise<void> {
  if (nodes.length === 0) return
  const rows = nodes.map(({ usage, ...seen }) => {
    const { memoryBytes, diskBytes, startedAt } = usage ?? {}
    return { ...seen, memoryBytes, diskBytes, startedAt }
  })
  await sql`
    with seen as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seen (
        id text, version text, health text, "healthReason" text,
        "memoryBytes" bigint, "diskBytes" bigint, "startedAt" timestamptz, "silentSince" timestamptz, drift text,
        "observedAt" timestamptz
      )
    ),
    free as materialized (
      select id from nodes where id in (select id from seen) for no key update skip locked
    )
    update nodes set
      version = seen.version, health = seen.health, health_reason = seen."healthReason",
      memory_bytes = seen."memoryBytes", disk_bytes = seen."diskBytes",
      started_at = seen."startedAt", silent_since = seen."silentSince", drift = seen.drift,
      observed_at = seen."observedAt"
    from seen join free using (id)
    where nodes.id = seen.id`.execute(db)
}

export type Looked = { id: InstanceId; observedAt: Date }

/** All is as it was: only how old that knowledge is changes. */
export async function recordInstancesLooked(db: Db, looked: Looked[]): Promise<void> {
  if (looked.length === 0) return
  await sql`
    with looked as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(looked)}::jsonb) as looked (id text, "observedAt" timestamptz)
    ),
    free as materialized (
      select id from instances where id in (select id from looked) for no key update skip locked
    )
    update instances set observed_at = looked."observedAt"
    from looked join free using (id)
    where instances.id = looked.id`.execute(db)
}

export type Measured = { id: InstanceId; statistics: InstanceStatistics }

export async function recordStatistics(db: Db, measured: Measured[]): Promise<void> {
  if (measured.length === 0) return
  await sql`
    with measured as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(measured)}::jsonb) as measured (id text, statistics jsonb)
    ),
    free as materialized (
      select id from instances where id in (select id from measured) for no key update skip locked
    )
    update instances set statistics = measured.statistics
    from measured join free using (id)
    where instances.id = measured.id`.execute(db)
}

/** Why nodes tell no metrics, by Kafka id; empty: all do. */
export type MetricsProblems = { id: InstanceId; problems: Record<string, string> }

export async function recordMetricsProblems(db: Db, found: MetricsProblems[]): Promise<void> {
  if (found.length === 0) return
  await sql`
    with found as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as found (id text, problems jsonb)
    ),
    free as materialized (
      select id from instances where id in (select id from found) for no key update skip locked
    )
    update instances set metrics_problems = found.problems
    from found join free using (id)
    where instances.id = found.id`.execute(db)
}

export async function findMetricsProblems(db: Db, id: InstanceId): Promise<Record<string, string>> {
  const row = await db.selectFrom('instances').select('metrics_problems').where('id', '=', id).executeTakeFirst()
  return row?.metrics_problems ?? {}
}
