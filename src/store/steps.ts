import { sql, type Selectable } from 'kysely'
import type { OperationId } from '../domain/id.ts'
import type { PublicError, Step, StepOutcome } from '../domain/operation.ts'
import type { Db, Tx } from './database.ts'
import type { StepsTable } from './tables.ts'

/** Visits to steps, in order: the timeline that people read. The newest one is open until the Operation moves on. */

export async function listSteps(db: Db, operationId: OperationId): Promise<Step[]> {
  const rows = await db.selectFrom('steps').selectAll().where('operation_id', '=', operationId).orderBy('seq').execute()
  return rows.map(stepFrom)
}

export async function insertStep(
  tx: Tx,
  operationId: OperationId,
  { name, now }: { name: string; now: Date },
): Promise<void> {
  const next = tx
    .selectFrom('steps')
    .select((eb) => eb(eb.fn.coalesce(eb.fn.max('seq'), sql<number>`0`), '+', 1).as('seq'))
    .where('operation_id', '=', operationId)
  await tx
    .insertInto('steps')
    .values({
      operation_id: operationId,
      seq: sql<number>`(${next})`,
      name,
      outcome: 'running',
      attempts: 0,
      waiting_reason: null,
      error: null,
      started_at: now,
      ended_at: null,
    })
    .execute()
}

export type Attempt = { outcome: StepOutcome; waitingReason: string | null; error: PublicError | null; now: Date }

/**
 * Records one run of the open step's code; any outcome but `running` closes it. The last words it waited with, and its last
 * error, stay: the timeline tells them also when the step is over.
 */
export async function recordAttempt(tx: Tx, operationId: OperationId, attempt: Attempt): Promise<void> {
  await tx
    .updateTable('steps')
    .set({
      outcome: attempt.outcome,
      attempts: sql`attempts + 1`,
      ...(attempt.waitingReason !== null && { waiting_reason: attempt.waitingReason }),
      ...(attempt.error && { error: JSON.stringify(attempt.error) }),
      ended_at: attempt.outcome === 'running' ? null : attempt.now,
    })
    .where('operation_id', '=', operationId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Closes the open step without a run of its code: the Operation was turned elsewhere. */
export async function closeStep(
  tx: Tx,
  operationId: OperationId,
  { outcome, now }: { outcome: StepOutcome; now: Date },
): Promise<void> {
  await tx
    .updateTable('steps')
    .set({ outcome, ended_at: now })
    .where('operation_id', '=', operationId)
    .where('ended_at', 'is', null)
    .execute()
}

const stepFrom = (row: Selectable<StepsTable>): Step => ({
  operationId: row.operation_id,
  seq: row.seq,
  name: row.name,
  outcome: row.outcome,
  attempts: row.attempts,
  waitingReason: row.waiting_reason,
  error: row.error,
  startedAt: row.started_at,
  endedAt: row.ended_at,
})
