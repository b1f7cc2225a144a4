import { sql, type Selectable, type SqlBool } from 'kysely'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Db } from './database.ts'
import type { Page } from './instance-list.ts'
import type { AuditEventsTable } from './tables.ts'

/** A row of the audit as it was written, with the name that its Instance has, or had. */
export type AuditEvent = {
  id: number
  action: string
  actor: string
  source: string | null
  instanceId: InstanceId | null
  instanceName: string | null
  operationId: OperationId | null
  detail: unknown
  createdAt: Date
}

export type AuditFilter = {
  environmentId: string
  /** Part of a name, in small or capital letters. */
  actor?: string | undefined
  /** `instance.create`, or `instance` for all that begin so. */
  action?: string | undefined
  /** Part of what it was done to, in small or capital letters. */
  subject?: string | undefined
  instanceId?: InstanceId | undefined
  /** From this moment on. */
  from?: Date | undefined
  /** Before this moment. */
  to?: Date | undefined
}

/** Newest first. */
export async function listAuditEvents(
  db: Db,
  { page, size, ...filter }: AuditFilter & { page: number; size: number },
): Promise<Page<AuditEvent>> {
  const matching = matchingEvents(db, filter)
  const counted = matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const listed = withNames(matching)
    .limit(size)
    .offset((page - 1) * size)
    .execute()
  const [{ total }, rows] = await Promise.all([counted, listed])
  return { total, list: rows.map(auditEventFrom) }
}

/** The next `limit` below an id, newest first: steps through all of them, however many, while more are written. */
export async function listAuditEventsBelow(
  db: Db,
  filter: AuditFilter,
  { below, limit }: { below: number | undefined; limit: number },
): Promise<AuditEvent[]> {
  const rows = await withNames(matchingEvents(db, filter))
    .$if(below !== undefined, (query) => query.where('audit_events.id', '<', below!))
    .limit(limit)
    .execute()
  return rows.map(auditEventFrom)
}

const matchingEvents = (db: Db, { environmentId, actor, action, subject, instanceId, from, to }: AuditFilter) =>
  db
    .selectFrom('audit_events')
    .where('audit_events.environment_id', '=', environmentId)
    .$if(!!actor, (query) => query.where(sql<SqlBool>`strpos(lower(actor), lower(${actor})) > 0`))
    .$if(!!action, (query) => query.where(sql<SqlBool>`(action = ${action} or starts_with(action, ${`${action}.`}))`))
    .$if(!!subject, (query) => query.where(sql<SqlBool>`strpos(lower(detail ->> 'subject'), lower(${subject})) > 0`))
    .$if(!!instanceId, (query) => query.where('audit_events.instance_id', '=', instanceId!))
    .$if(!!from, (query) => query.where('audit_events.created_at', '>=', from!))
    .$if(!!to, (query) => query.where('audit_events.created_at', '<', to!))

const withNames = (matching: ReturnType<typeof matchingEvents>) =>
  matching
    .leftJoin('instances', 'instances.id', 'audit_events.instance_id')
    .selectAll('audit_events')
    .select('instances.name as instance_name')
    .orderBy('audit_events.id', 'desc')

const auditEventFrom = (row: Selectable<AuditEventsTable> & { instance_name: string | null }): AuditEvent => ({
  id: row.id,
  action: row.action,
  actor: row.actor,
  source: row.source,
  instanceId: row.instance_id,
  instanceName: row.instance_name,
  operationId: row.operation_id,
  detail: row.detail,
  createdAt: row.created_at,
})
