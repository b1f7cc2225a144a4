import { sql, type SqlBool } from 'kysely'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Db, Tx } from './database.ts'

/**
 * The feed of everything that changed, in order of ids: what the pages listen to. A row is written in the transaction of
 * the change and announced when that commits. The announcement carries the id only.
 */
export type Event = {
  id: number
  environmentId: string
  instanceId: InstanceId | null
  operationId: OperationId | null
  kind: string
  message: string
  createdAt: Date
}

export const eventsChannel = 'millrace_events'

/**
 * The last write of a transaction: it waits for all earlier ones that write events, and a transaction that waited for
 * rows after it could wait in a circle.
 */
export async function insertEvent(tx: Tx, event: Omit<Event, 'id'>): Promise<void> {
  // Ids must become visible in order, or a reader that remembers the last one would step over a slow transaction's: the id
  // is drawn under the lock. One statement, because everybody waits for this.
  await sql`
    with in_order as materialized (select pg_advisory_xact_lock(hashtext(${eventsChannel}))),
    added as (
      insert into events (environment_id, instance_id, operation_id, kind, message, created_at)
      select ${event.environmentId}, ${event.instanceId}, ${event.operationId}, ${event.kind}, ${event.message},
        ${event.createdAt}::timestamptz
      from in_order
      returning id
    )
    select pg_notify(${eventsChannel}, id::text) from added`.execute(tx)
}

/** Events after an id, oldest first; `only` those of these Instances. */
export async function listEventsAfter(
  db: Db,
  environmentId: string,
  { after, limit, only }: { after: number; limit: number; only?: readonly InstanceId[] | undefined },
): Promise<Event[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', after)
    .$if(!!only, (query) => query.where(sql<SqlBool>`instance_id = any(${[...(only ?? [])]})`))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(eventFrom)
}

/** The newest and the oldest id that are kept; both 0 when there is none. */
export async function eventRange(db: Db): Promise<{ oldest: number; newest: number }> {
  const row = await db
    .selectFrom('events')
    .select((eb) => [eb.fn.min('id').as('oldest'), eb.fn.max('id').as('newest')])
    .executeTakeFirstOrThrow()
  return { oldest: row.oldest ?? 0, newest: row.newest ?? 0 }
}

export async function deleteEventsBefore(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('events').where('created_at', '<', before).executeTakeFirst()
  return Number(numDeletedRows)
}

type EventRow = {
  id: number
  environment_id: string
  instance_id: InstanceId | null
  operation_id: OperationId | null
  kind: string
  message: string
  created_at: Date
}

export const eventFrom = (row: EventRow): Event => ({
  id: row.id,
  environmentId: row.environment_id,
  instanceId: row.instance_id,
  operationId: row.operation_id,
  kind: row.kind,
  message: row.message,
  createdAt: row.created_at,
})
