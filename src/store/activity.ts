import { sql } from 'kysely'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Db } from './database.ts'
import type { Page } from './instance-list.ts'

/** What happened to an Instance, newest first: its events, each with the person behind it where there is one. */
export type Activity = {
  id: number
  kind: string
  message: string
  actor: string | null
  operationId: OperationId | null
  createdAt: Date
}

export type ActivityQuery = { instanceId: InstanceId; page: number; size: number }

export async function listActivity(db: Db, { instanceId, page, size }: ActivityQuery): Promise<Page<Activity>> {
  const matching = db
    .selectFrom('events')
    .where('events.instance_id', '=', instanceId)
    // What an Operation waits for, second by second, is told by its own timeline.
    .where('events.kind', '!=', 'operation.waiting')
  const counted = matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const listed = matching
    .leftJoin('operations', 'operations.id', 'events.operation_id')
    .select(['events.id', 'events.kind', 'events.message', 'events.operation_id', 'events.created_at'])
    // A change without an Operation has its audit row at the same moment, written in the same transaction.
    .select(
      sql<string | null>`coalesce(operations.actor, (
        select audit_events.actor from audit_events
        where audit_events.instance_id = events.instance_id and audit_events.created_at = events.created_at limit 1))`.as(
        'actor',
      ),
    )
    .orderBy('events.id', 'desc')
    .limit(size)
    .offset((page - 1) * size)
    .execute()
  const [{ total }, rows] = await Promise.all([counted, listed])
  return {
    total,
    list: rows.map(({ operation_id, created_at, ...row }) => ({
      ...row,
      operationId: operation_id,
      createdAt: created_at,
    })),
  }
}
