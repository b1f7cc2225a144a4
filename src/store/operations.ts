import { sql, type Expression, type ExpressionBuilder, type Selectable, type SqlBool } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Operation, OperationStatus } from '../domain/operation.ts'
import type { Db, Tx } from './database.ts'
import type { Page } from './instance-list.ts'
import type { OperationsTable, Tables } from './tables.ts'

/** Rows of Operations, as people and the API see them. How workers hold them stands in `operation-leases.ts`. */

export async function findOperation(db: Db, id: OperationId): Promise<Operation | undefined> {
  const row = await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && operationFrom(row)
}

export async function getOperation(db: Db, id: OperationId): Promise<Operation> {
  return found(await findOperation(db, id), id)
}

/** The Operation, held against other writers until the transaction ends. */
export async function lockOperation(tx: Tx, id: OperationId): Promise<Operation> {
  const row = await tx.selectFrom('operations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return found(row && operationFrom(row), id)
}

function found(operation: Operation | undefined, id: OperationId): Operation {
  if (operation) return operation
  throw new AppError('not-found', 'Operation.NotFound', `There is no Operation ${id}.`)
}

/** The Operation that owns the Instance now: active, or failed and waiting for a decision. */
export async function findOpenOperation(db: Db, instanceId: InstanceId): Promise<Operation | undefined> {
  const [operation] = await listOpenOperations(db, [instanceId])
  return operation
}

export async function listOpenOperations(db: Db, instanceIds: InstanceId[]): Promise<Operation[]> {
  if (instanceIds.length === 0) return []
  const rows = await db
    .selectFrom('operations')
    .selectAll()
    .where('instance_id', 'in', instanceIds)
    .where('outcome', 'in', ['active', 'failed'])
    .execute()
  return rows.map(operationFrom)
}

export type OperationQuery = {
  environmentId: string
  instanceId?: InstanceId | undefined
  kind?: string | undefined
  statuses?: OperationStatus[] | undefined
  /** Those of these Instances only; without: all. */
  only?: readonly InstanceId[] | undefined
  /** From 1. */
  page: number
  size: number
}

/** Newest first. */
export async function listOperations(db: Db, query: OperationQuery): Promise<Page<Operation>> {
  const matching = db.selectFrom('operations').where((eb) => eb.and(conditions(eb, query)))
  const counted = matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const listed = matching
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(query.size)
    .offset((query.page - 1) * query.size)
    .execute()
  const [{ total }, rows] = await Promise.all([counted, listed])
  return { total, list: rows.map(operationFrom) }
}

type Eb = ExpressionBuilder<Tables, 'operations'>

function conditions(eb: Eb, query: OperationQuery): Expression<SqlBool>[] {
  return [
    eb('environment_id', '=', query.environmentId),
    ...(query.instanceId ? [eb('instance_id', '=', query.instanceId)] : []),
    ...kept(query.only),
    ...(query.kind ? [eb('kind', '=', query.kind)] : []),
    ...(query.statuses?.length ? [eb.or(query.statuses.map((status) => hasStatus[status]))] : []),
  ]
}

const kept = (only: readonly InstanceId[] | undefined): Expression<SqlBool>[] =>
  only ? [sql<SqlBool>`instance_id = any(${[...only]})`] : []

/** The status of `domain/operation.ts` as SQL, for filters; a test holds the two against each other. */
const hasStatus: Record<OperationStatus, Expression<SqlBool>> = {
  Running: sql`outcome = 'active' and paused_at is null and cancel_requested_at is null and failures = 0 and waiting_reason is null`,
  Waiting: sql`outcome = 'active' and paused_at is null and cancel_requested_at is null and failures = 0 and waiting_reason is not null`,
  Retrying: sql`outcome = 'active' and paused_at is null and cancel_requested_at is null and failures > 0`,
  Paused: sql`outcome = 'active' and paused_at is not null`,
  Cancelling: sql`outcome = 'active' and paused_at is null and cancel_requested_at is not null`,
  Failed: sql`outcome = 'failed'`,
  Succeeded: sql`outcome = 'succeeded'`,
  Cancelled: sql`outcome = 'cancelled'`,
}

/** The newest successful Operations of these kinds; `only` those of these Instances. */
export type PastQuery = { kinds: readonly string[]; limit: number; only?: readonly InstanceId[] | undefined }

/** Seconds that they took, newest first. */
export async function listDurations(db: Db, environmentId: string, query: PastQuery): Promise<number[]> {
  const took = sql<number>`extract(epoch from ended_at - created_at)::float8`.as('seconds')
  const rows = await succeeded(db, environmentId, query).select(took).execute()
  return rows.map(({ seconds }) => seconds)
}

/** What they had remembered, newest first. */
export async function listNotesOfEnded(db: Db, environmentId: string, query: PastQuery): Promise<Operation['notes'][]> {
  const rows = await succeeded(db, environmentId, query).select('notes').execute()
  return rows.map(({ notes }) => notes)
}

const succeeded = (db: Db, environmentId: string, { kinds, limit, only }: PastQuery) =>
  db
    .selectFrom('operations')
    .where((eb) => eb.and([eb('environment_id', '=', environmentId), eb('kind', 'in', kinds), ...kept(only)]))
    .where('outcome', '=', 'succeeded')
    .orderBy('created_at', 'desc')
    .limit(limit)

export async function insertOperation(tx: Tx, operation: Operation): Promise<void> {
  await tx
    .insertInto('operations')
    .values({
      id: operation.id,
      environment_id: operation.environmentId,
      instance_id: operation.instanceId,
      kind: operation.kind,
      outcome: operation.outcome,
      step: operation.step,
      notes: JSON.stringify(operation.notes),
      input: JSON.stringify(operation.input ?? null),
      waiting_reason: operation.waitingReason,
      failures: operation.failures,
      error: operation.error && JSON.stringify(operation.error),
      actor: operation.actor,
      gives_way: operation.givesWay,
      run_at: operation.runAt,
      paused_at: operation.pausedAt,
      tend_at: null,
      cancel_requested_at: operation.cancelRequestedAt,
      deadline_at: operation.deadlineAt,
      is_overdue: operation.isOverdue,
      lease_owner: null,
      lease_until: null,
      created_at: operation.createdAt,
      ended_at: operation.endedAt,
    })
    .execute()
}

/** Remembers before the step has ended, for what must be known after a crash in the middle of it. Under the lease. */
export async function updateOperationNotes(tx: Tx, id: OperationId, notes: Operation['notes']): Promise<void> {
  await tx
    .updateTable('operations')
    .set({ notes: JSON.stringify(notes) })
    .where('id', '=', id)
    .execute()
}

export type OperationControl = Partial<
  Pick<
    Operation,
    'outcome' | 'pausedAt' | 'cancelRequestedAt' | 'failures' | 'error' | 'runAt' | 'endedAt' | 'deadlineAt'
  > & {
    /** When it must look after its nodes, standing still. */
    tendAt: Date
  }
>

/** Ends an Operation that another replaces; whoever works on it can write nothing more. */
export async function replaceOperation(tx: Tx, id: OperationId, now: Date): Promise<void> {
  await tx
    .updateTable('operations')
    .set({ outcome: 'cancelled', ended_at: now, lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .execute()
}

/** A person's hand on the Operation: pause, resume, cancel, retry. Where it stands is the worker's to write. */
export async function updateOperationControl(tx: Tx, id: OperationId, change: OperationControl): Promise<void> {
  await tx
    .updateTable('operations')
    .set({
      ...(change.outcome && { outcome: change.outcome }),
      ...(change.pausedAt !== undefined && { paused_at: change.pausedAt }),
      ...(change.cancelRequestedAt !== undefined && { cancel_requested_at: change.cancelRequestedAt }),
      ...(change.failures !== undefined && { failures: change.failures }),
      ...(change.error !== undefined && { error: change.error && JSON.stringify(change.error) }),
      ...(change.runAt && { run_at: change.runAt }),
      ...(change.tendAt && { tend_at: change.tendAt }),
      ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
      ...(change.deadlineAt !== undefined && { deadline_at: change.deadlineAt, is_overdue: false }),
    })
    .where('id', '=', id)
    .execute()
}

export const operationFrom = (row: Selectable<OperationsTable>): Operation => ({
  id: row.id,
  environmentId: row.environment_id,
  instanceId: row.instance_id,
  kind: row.kind,
  outcome: row.outcome,
  step: row.step,
  notes: row.notes,
  input: row.input,
  waitingReason: row.waiting_reason,
  failures: row.failures,
  error: row.error,
  actor: row.actor,
  givesWay: row.gives_way,
  runAt: row.run_at,
  pausedAt: row.paused_at,
  cancelRequestedAt: row.cancel_requested_at,
  deadlineAt: row.deadline_at,
  isOverdue: row.is_overdue,
  createdAt: row.created_at,
  endedAt: row.ended_at,
})
