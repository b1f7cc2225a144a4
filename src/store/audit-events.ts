import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import type { Tx } from './database.ts'

/** Who did what, from where. Written in the transaction of the deed, never changed. Never a secret in `detail`. */
export type AuditEntry = {
  environmentId: string
  /** `instance.create`, `operation.cancel`, … */
  action: string
  actor: Actor
  instanceId: InstanceId | null
  operationId: OperationId | null
  detail?: unknown
  createdAt: Date
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
