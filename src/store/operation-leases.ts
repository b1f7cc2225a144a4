import { sql } from 'kysely'
import type { OperationId } from '../domain/id.ts'
import type { Operation, OperationOutcome, PublicError } from '../domain/operation.ts'
import type { Database, Db, Tx } from './database.ts'
import { isAiling } from './healing.ts'
import { operationFrom } from './operations.ts'

/**
 * Who works on an Operation. A lease lasts a few seconds and is renewed while a step runs; each one carries an epoch from a
 * sequence, so a worker that was paused and overtaken holds an older number than its successor, and every write that it
 * still tries matches no row.
 */
export type Lease = { operation: Operation; epoch: number; isCancelling: boolean }

export type Claim = { owner: string; now: Date; leaseMs: number; limit: number }

export const wakeChannel = 'millrace_wake'

/** Of one that is paused or has failed: when it must look after its nodes, if it was asked to. */
const dueAt = sql<Date | null>`(case when outcome = 'active' and paused_at is null then run_at else tend_at end)`

/**
 * Takes Operations that are due and nobody's, the longest due first; never waits for another worker. Those that stand still are
 * among them when they must look after their nodes.
 */
export async function claimDueOperations(db: Database, { owner, now, leaseMs, limit }: Claim): Promise<Lease[]> {
  const rows = await db
    // As a table of its own it is read once; as a condition it may be read again for each row, and lock more than `limit`.
    .with('due', (qc) =>
      qc
        .selectFrom('operations')
        .select('operations.id as due_id')
        .where('outcome', 'in', ['active', 'failed'])
        .where(dueAt, '<=', now)
        .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
        .orderBy('run_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('operations')
    .from('due')
    .set({
      lease_owner: owner,
      lease_epoch: sql`nextval('lease_epochs')`,
      lease_until: new Date(now.getTime() + leaseMs),
      tend_at: null,
    })
    .whereRef('operations.id', '=', 'due.due_id')
    .returningAll('operations')
    .execute()
  return rows.map((row) => ({ operation: operationFrom(row), epoch: row.lease_epoch, isCancelling: row.is_cancelling }))
}

/** When the next Operation falls due or its lease ends; nothing when none will by itself. */
export async function nextDueAt(db: Database): Promise<Date | undefined> {
  const { at } = await db
    .selectFrom('operations')
    .select(sql<Date | null>`min(greatest(${dueAt}, lease_until))`.as('at'))
    .where('outcome', 'in', ['active', 'failed'])
    .where(dueAt, 'is not', null)
    .executeTakeFirstOrThrow()
  return at ?? undefined
}

/** Whether the lease still holds; false means that another worker has overtaken. */
export async function renewLease(
  db: Database,
  { operation: { id }, epoch }: Pick<Lease, 'operation' | 'epoch'>,
  until: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set({ lease_until: until })
    .where('id', '=', id)
    .where('lease_epoch', '=', epoch)
    .where('lease_until', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Marks the present step late; false when it is so already, or the lease is lost. */
export async function markOverdue(tx: Tx, id: OperationId, epoch: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operations')
    .set({ is_overdue: true })
    .where('id', '=', id)
    .where('lease_epoch', '=', epoch)
    .where('lease_until', 'is not', null)
    .where('is_overdue', '=', false)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives one lease back, between two steps. It stays given back, also when a renewal was on its way. */
export async function releaseLease(db: Database, id: OperationId, epoch: number): Promise<void> {
  await db
    .updateTable('operations')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_epoch', '=', epoch)
    .execute()
}

/** Frees what a process of this owner held. For a start that knows its predecessor dead: nobody waits for the lease to end. */
export async function releaseLeasesOf(db: Database, owner: string): Promise<void> {
  await db
    .updateTable('operations')
    .set({ lease_owner: null, lease_until: null })
    .where('lease_owner', '=', owner)
    .execute()
}

/** Locks the Operation's row for a fenced write. False: the lease is lost, write nothing. */
export async function holdsLease(tx: Tx, id: OperationId, epoch: number): Promise<boolean> {
  const row = await tx
    .selectFrom('operations')
    .select('id')
    .where('id', '=', id)
    .where('lease_epoch', '=', epoch)
    .where('lease_until', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  return !!row
}

export type Position = {
  outcome: OperationOutcome
  step: string
  notes: Record<string, unknown>
  waitingReason: string | null
  failures: number
  error: PublicError | null
  /** When the step paused by itself; null leaves a person's pause as it is. */
  pausedAt: Date | null
  isCancelling: boolean
  deadlineAt: Date | null
  isOverdue: boolean
  endedAt: Date | null
  /** Keep the lease and go on at once, or give it back until `runAt`. */
  lease: 'keep' | 'release'
  runAt: Date
}

/**
 * Stores where the Operation stands after a step; nothing when the lease is lost. A wake-up that came while the step ran
 * has moved `run_at` already, and a cancel must not wait: neither is overwritten.
 */
export async function storePosition(tx: Tx, lease: Lease, position: Position): Promise<Lease | undefined> {
  const { operation, epoch } = lease
  const runAt = sql<Date>`case
    when run_at <> ${operation.runAt} then run_at
    when cancel_requested_at is not null and not ${position.isCancelling}::boolean then run_at
    else ${position.runAt} end`
  const pausedAt = sql<Date | null>`case
    when cancel_requested_at is not null and not ${position.isCancelling}::boolean then paused_at
    else ${position.pausedAt}::timestamptz end`
  const row = await tx
    .updateTable('operations')
    .set({
      outcome: position.outcome,
      step: position.step,
      notes: JSON.stringify(position.notes),
      waiting_reason: position.waitingReason,
      failures: position.failures,
      error: position.error && JSON.stringify(position.error),
      ...(position.pausedAt && { paused_at: pausedAt }),
      ...((position.pausedAt || position.outcome === 'failed') && { tend_at: position.runAt }),
      is_cancelling: position.isCancelling,
      deadline_at: position.deadlineAt,
      is_overdue: position.isOverdue,
      ended_at: position.endedAt,
      ...(position.lease === 'release' && { lease_owner: null, lease_until: null, run_at: runAt }),
    })
    .where('id', '=', operation.id)
    .where('lease_epoch', '=', epoch)
    .where('lease_until', 'is not', null)
    .returningAll()
    .executeTakeFirst()
  return row && { operation: operationFrom(row), epoch, isCancelling: row.is_cancelling }
}

/** Asks standing Operations of these kinds to look after the nodes that were seen stopped or hang. How many were asked. */
export async function requestTending(db: Db, { kinds, silentBefore, now }: TendQuery): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set({ tend_at: now })
    .where((eb) =>
      eb.or([eb('outcome', '=', 'failed'), eb.and([eb('outcome', '=', 'active'), eb('paused_at', 'is not', null)])]),
    )
    .where('kind', 'in', kinds)
    .where('tend_at', 'is', null)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .where('instance_id', 'in', (eb) =>
      eb.selectFrom('nodes').select('nodes.instance_id').where(isAiling(silentBefore)),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export type TendQuery = { kinds: string[]; silentBefore: Date; now: Date }

/** Puts a standing Operation down again; it is looked at once more then, or, with null, when it is asked to. */
export async function storeTending(
  db: Db,
  { operation: { id }, epoch }: Lease,
  { notes, tendAt }: { notes: Record<string, unknown>; tendAt: Date | null },
): Promise<void> {
  await db
    .updateTable('operations')
    .set({ notes: JSON.stringify(notes), tend_at: tendAt, lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_epoch', '=', epoch)
    .where('lease_until', 'is not', null)
    .execute()
}

/** Tells the workers that something may be due. Delivered when the transaction commits. */
export async function notifyWorkers(tx: Tx): Promise<void> {
  await sql`select pg_notify(${wakeChannel}, '')`.execute(tx)
}
