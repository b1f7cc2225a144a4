import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import type { Db, Tx } from './database.ts'

/** Who did what, from where. Written in the transaction of the deed, never changed. */
export type AuditEntry = {
  environmentId: string
  /** `instance.create`, `operation.cancel`, … */
  action: string
  actor: Actor
  instanceId: InstanceId | null
  operationId: OperationId | null
  detail?: AuditDetail
  createdAt: Date
}

/** All of it for people to read; never a secret. */
export type AuditDetail = {
  /** Whom or what it was done to, where that is no Instance: a member, a topic, a user. */
  subject?: string
  before?: unknown
  after?: unknown
}

export async function insertAuditEvent(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit_events')
    .values({
      environment_id: entry.environmentId,
      action: entry.action,
      actor: entry.actor.name,
      source: entry.actor.source,
      instance_id: entry.instanceId,
      operation_id: entry.operationId,
      detail: entry.detail === undefined ? null : JSON.stringify(entry.detail),
      created_at: entry.createdAt,
    })
    .execute()
}

/** Did anybody of this name ever do this here? */
export async function hasAuditEvent(
  db: Db,
  { environmentId, action, actor }: { environmentId: string; action: string; actor: Pick<Actor, 'name'> },
): Promise<boolean> {
  const rows = await db
    .selectFrom('audit_events')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('action', '=', action)
    .where('actor', '=', actor.name)
    .limit(1)
    .execute()
  return rows.length > 0
}
