import type { InstanceState } from '../domain/instance.ts'
import type { PublicError, StepOutcome } from '../domain/operation.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { holdInstance, updateInstanceState } from '../store/instances.ts'
import { storePosition, type Lease, type Position } from '../store/operation-leases.ts'
import { getOperation } from '../store/operations.ts'
import { closeStep, insertStep, recordAttempt } from '../store/steps.ts'
import { findStep, type AnyOperationDefinition } from './define-operation.ts'
import type { Engine } from './engine.ts'
import { backOffSeconds, type Outcome } from './outcome.ts'

/**
 * Writes what came of one run of a step: position, notes, next run, timeline row, Instance state and event, in one
 * transaction under the lease. Returns the lease to go on with; nothing when it was given back, or lost.
 */
export type Finding = Outcome | { kind: 'retry'; error: PublicError } | { kind: 'turn-to-cancel'; step: string }

export type Visit<W> = { definition: AnyOperationDefinition<W>; lease: Lease; notes: Record<string, unknown> }

export async function storeOutcome<W>(
  engine: Engine<W>,
  visit: Visit<W>,
  finding: Finding,
): Promise<Lease | undefined> {
  const now = engine.now()
  const { operation } = visit.lease
  return await engine.db.transaction().execute(async (tx) => {
    const change = changeFor(engine, visit, await cancelComesFirst(tx, visit, finding), now)
    if (change.state) await holdInstance(tx, operation.instanceId)
    const lease = await storePosition(tx, visit.lease, change.position)
    if (!lease) return undefined
    await storeTimeline(tx, visit, change, now)
    if (change.state) await updateInstanceState(tx, operation.instanceId, { ...change.state, now })
    if (change.event) await tellFeed(tx, visit, change.event, now)
    return change.position.lease === 'keep' ? lease : undefined
  })
}

/** Who cancelled while the step was giving up wants the cancel, not the failure; and a retry must not cancel later. */
async function cancelComesFirst<W>(tx: Tx, { definition, lease }: Visit<W>, finding: Finding): Promise<Finding> {
  if (finding.kind !== 'give-up' || lease.isCancelling || !definition.onCancel) return finding
  // Held as control-operation.ts holds it: from here on nobody cancels.
  await holdInstance(tx, lease.operation.instanceId)
  const { cancelRequestedAt } = await getOperation(tx, lease.operation.id)
  return cancelRequestedAt ? { kind: 'turn-to-cancel', step: definition.onCancel as string } : finding
}

/** All that one finding changes, before any of it is written. */
type Change = {
  position: Position
  /** How the run ends in the timeline; null: no code ran. */
  attempt: { outcome: StepOutcome; waitingReason: string | null; error: PublicError | null } | null
  state: { state: InstanceState; reason: string | null } | null
  event: { kind: string; message: string } | null
}

function changeFor<W>(engine: Engine<W>, visit: Visit<W>, finding: Finding, now: Date): Change {
  switch (finding.kind) {
    case 'next':
      return entering(visit, finding.step, now)
    case 'turn-to-cancel':
      return { ...entering(visit, finding.step, now, true), attempt: null }
    case 'wait':
      return waiting(visit, finding, now)
    case 'retry':
      return retrying(engine, visit, finding.error, now)
    case 'done':
      return ending(visit, 'succeeded', visit.definition.after, now)
    case 'cancelled':
      return ending(visit, 'cancelled', visit.definition.afterCancel, now)
    case 'give-up':
      return failing(visit, { code: finding.code, message: finding.message }, now)
  }
}

/** The position as it stands, with the failures forgotten: what most findings begin from. */
function standing<W>({ lease, notes }: Visit<W>, now: Date): Position {
  const { operation } = lease
  return {
    outcome: 'active',
    step: operation.step,
    notes,
    waitingReason: null,
    failures: 0,
    error: null,
    isCancelling: lease.isCancelling,
    deadlineAt: operation.deadlineAt,
    isOverdue: operation.isOverdue || (!!operation.deadlineAt && operation.deadlineAt <= now),
    endedAt: null,
    lease: 'release',
    runAt: now,
  }
}

const titleOf = <W>(definition: AnyOperationDefinition<W>, step: string): string =>
  findStep(definition, step)?.title ?? step

function entering<W>(visit: Visit<W>, step: string, now: Date, isCancelling = visit.lease.isCancelling): Change {
  const deadlineMs = (findStep(visit.definition, step)?.deadlineSeconds ?? 0) * 1000
  return {
    position: {
      ...standing(visit, now),
      step,
      isCancelling,
      deadlineAt: new Date(now.getTime() + deadlineMs),
      isOverdue: false,
      lease: 'keep',
    },
    attempt: { outcome: 'next', waitingReason: null, error: null },
    state: null,
    event: { kind: 'operation.step', message: `${visit.definition.title}: ${titleOf(visit.definition, step)}` },
  }
}

const hasJustBecomeLate = <W>({ lease }: Visit<W>, position: Position) =>
  position.isOverdue && !lease.operation.isOverdue

/** An event only when the words are new, or when the step has just become late: waiting itself is no news. */
function waiting<W>(visit: Visit<W>, { seconds, why }: { seconds: number; why: string }, now: Date): Change {
  const { operation } = visit.lease
  const position = standing(visit, now)
  const isLate = hasJustBecomeLate(visit, position)
  const isNews = isLate || operation.waitingReason !== why
  const kind = isLate ? 'operation.overdue' : 'operation.waiting'
  return {
    position: { ...position, waitingReason: why, runAt: new Date(now.getTime() + seconds * 1000) },
    attempt: { outcome: 'running', waitingReason: why, error: null },
    state: null,
    event: isNews ? { kind, message: `${visit.definition.title}: ${why}` } : null,
  }
}

function retrying<W>(engine: Engine<W>, visit: Visit<W>, error: PublicError, now: Date): Change {
  const { operation } = visit.lease
  const failures = operation.failures + 1
  const position = standing(visit, now)
  const seconds = backOffSeconds(failures, engine.chance())
  const isLate = hasJustBecomeLate(visit, position)
  const isNews = isLate || operation.error?.message !== error.message
  const kind = isLate ? 'operation.overdue' : 'operation.retrying'
  return {
    position: { ...position, failures, error, runAt: new Date(now.getTime() + seconds * 1000) },
    attempt: { outcome: 'running', waitingReason: null, error },
    state: null,
    event: isNews ? { kind, message: `${visit.definition.title}: ${error.message} Trying again.` } : null,
  }
}

function ending<W>(visit: Visit<W>, outcome: 'succeeded' | 'cancelled', state: InstanceState, now: Date): Change {
  const words = outcome === 'succeeded' ? 'done' : 'cancelled, nothing is left over'
  return {
    position: { ...standing(visit, now), outcome, endedAt: now },
    attempt: { outcome: outcome === 'succeeded' ? 'done' : 'cancelled', waitingReason: null, error: null },
    state: { state, reason: null },
    event: { kind: `operation.${outcome}`, message: `${visit.definition.title}: ${words}` },
  }
}

function failing<W>(visit: Visit<W>, error: PublicError, now: Date): Change {
  const title = titleOf(visit.definition, visit.lease.operation.step)
  return {
    position: { ...standing(visit, now), outcome: 'failed', error, failures: visit.lease.operation.failures },
    attempt: { outcome: 'failed', waitingReason: null, error },
    state: { state: 'Error', reason: `${visit.definition.title} failed at "${title}": ${error.message}` },
    event: { kind: 'operation.failed', message: `${visit.definition.title}: ${error.message}` },
  }
}

async function storeTimeline<W>(tx: Tx, { lease }: Visit<W>, change: Change, now: Date): Promise<void> {
  const { id, step } = lease.operation
  if (change.attempt) await recordAttempt(tx, id, { ...change.attempt, now })
  else await closeStep(tx, id, 'cancelled', now)
  if (change.position.step !== step || change.attempt?.outcome === 'next') {
    await insertStep(tx, id, change.position.step, now)
  }
}

async function tellFeed<W>(
  tx: Tx,
  { lease }: Visit<W>,
  event: { kind: string; message: string },
  now: Date,
): Promise<void> {
  const { environmentId, instanceId, id } = lease.operation
  await insertEvent(tx, { environmentId, instanceId, operationId: id, ...event, createdAt: now })
}
