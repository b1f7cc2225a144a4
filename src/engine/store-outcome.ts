import type { InstanceState } from '../domain/instance.ts'
import { aboutOperation, type PublicError, type StepOutcome } from '../domain/operation.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { holdInstance, updateInstanceState } from '../store/instances.ts'
import { storePosition, type Lease, type Position } from '../store/operation-leases.ts'
import { getOperation } from '../store/operations.ts'
import { closeStep, insertStep, recordAttempt } from '../store/steps.ts'
import { deadlineFor, stepTitle, type AnyOperationDefinition } from './define-operation.ts'
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
  const ended = { ...visit, now }
  const { operation } = visit.lease
  return await engine.db.transaction().execute(async (tx) => {
    const change = changeFor(engine, ended, await cancelComesFirst(tx, visit, finding))
    if (change.state) await holdInstance(tx, operation.instanceId)
    const lease = await storePosition(tx, visit.lease, change.position)
    if (!lease) return undefined
    await storeTimeline(tx, ended, change)
    if (change.state) await updateInstanceState(tx, operation.instanceId, { ...change.state, now })
    if (change.event) await insertEvent(tx, { ...aboutOperation(operation), ...change.event, createdAt: now })
    return change.position.lease === 'keep' ? lease : undefined
  })
}

/** A person has asked to cancel, and the Operation is not on that path yet. */
export function turnToCancel<W>(definition: AnyOperationDefinition<W>, lease: Lease): Finding | undefined {
  if (!lease.operation.cancelRequestedAt || lease.isCancelling || !definition.onCancel) return undefined
  return { kind: 'turn-to-cancel', step: definition.onCancel as string }
}

/** Who cancelled while the step was giving up wants the cancel, not the failure; and a retry must not cancel later. */
async function cancelComesFirst<W>(tx: Tx, { definition, lease }: Visit<W>, finding: Finding): Promise<Finding> {
  if (finding.kind !== 'give-up') return finding
  // Held as control-operation.ts holds it: from here on nobody cancels.
  await holdInstance(tx, lease.operation.instanceId)
  return turnToCancel(definition, { ...lease, operation: await getOperation(tx, lease.operation.id) }) ?? finding
}

/** A visit whose step has run, and when. */
type Ended<W> = Visit<W> & { now: Date }

/** All that one finding changes, before any of it is written. */
type Change = {
  position: Position
  /** How the run ends in the timeline, and what it said; null: no code ran. */
  attempt: { outcome: StepOutcome; why?: string | null } | null
  state?: { state: InstanceState; reason: string | null }
  event?: { kind: string; message: string }
}

function changeFor<W>(engine: Engine<W>, visit: Ended<W>, finding: Finding): Change {
  switch (finding.kind) {
    case 'next':
      return entering(visit, finding)
    case 'turn-to-cancel':
      return { ...entering(visit, finding, true), attempt: null }
    case 'wait':
      return waiting(visit, finding)
    case 'pause':
      return pausing(visit, finding)
    case 'retry':
      return retrying(engine, visit, finding.error)
    case 'done':
      return ending(visit, 'succeeded')
    case 'cancelled':
      return ending(visit, 'cancelled', finding.why)
    case 'give-up':
      return failing(visit, { code: finding.code, message: finding.message })
  }
}

/** The position as it stands, with the failures forgotten: what most findings begin from. */
function standing<W>({ lease, notes, now }: Ended<W>): Position {
  const { operation } = lease
  return {
    outcome: 'active',
    step: operation.step,
    notes,
    waitingReason: null,
    failures: 0,
    error: null,
    pausedAt: null,
    isCancelling: lease.isCancelling,
    deadlineAt: operation.deadlineAt,
    isOverdue: operation.isOverdue || (!!operation.deadlineAt && operation.deadlineAt <= now),
    endedAt: null,
    lease: 'release',
    runAt: now,
  }
}

type Entry = { step: string; why?: string }

function entering<W>(visit: Ended<W>, { step, why }: Entry, isCancelling = visit.lease.isCancelling): Change {
  return {
    position: {
      ...standing(visit),
      step,
      isCancelling,
      deadlineAt: deadlineFor(visit.definition, step, visit.now) ?? null,
      isOverdue: false,
      lease: 'keep',
    },
    attempt: { outcome: 'next', why: why ?? null },
    event: {
      kind: 'operation.step',
      message: `${visit.definition.title}: ${why ?? stepTitle(visit.definition, step)}`,
    },
  }
}

/** A person resumes it at the step it was to enter. A cancel that came meanwhile is not held up: `storePosition` sees to it. */
function pausing<W>(visit: Ended<W>, { step, why }: { step: string; why: string }): Change {
  const entered = entering(visit, { step })
  return {
    ...entered,
    position: { ...entered.position, waitingReason: why, pausedAt: visit.now, lease: 'release' },
    event: { kind: 'operation.paused', message: `${visit.definition.title}: paused. ${why}` },
  }
}

function waiting<W>(visit: Ended<W>, { seconds, why }: { seconds: number; why: string }): Change {
  const isNew = visit.lease.operation.waitingReason !== why
  return again(visit, { seconds, kind: 'operation.waiting', words: why, isNew, position: { waitingReason: why } })
}

function retrying<W>(engine: Engine<W>, visit: Ended<W>, error: PublicError): Change {
  const { operation } = visit.lease
  const failures = operation.failures + 1
  const seconds = backOffSeconds(failures, engine.chance())
  const words = `${error.message} Trying again.`
  const isNew = operation.error?.message !== error.message
  return again(visit, { seconds, kind: 'operation.retrying', words, isNew, position: { failures, error } })
}

type Repeat = { seconds: number; kind: string; words: string; isNew: boolean; position: Partial<Position> }

/** An event only when the words are new, or when the step has just become late: waiting itself is no news. */
function again<W>(visit: Ended<W>, { seconds, kind, words, isNew, position }: Repeat): Change {
  const standingOn = standing(visit)
  const isLate = standingOn.isOverdue && !visit.lease.operation.isOverdue
  const event = { kind: isLate ? 'operation.overdue' : kind, message: `${visit.definition.title}: ${words}` }
  return {
    position: { ...standingOn, ...position, runAt: new Date(visit.now.getTime() + seconds * 1000) },
    attempt: { outcome: 'running', why: position.waitingReason ?? null },
    ...((isNew || isLate) && { event }),
  }
}

function ending<W>(visit: Ended<W>, outcome: 'succeeded' | 'cancelled', why?: string): Change {
  const { title, after, afterCancel } = visit.definition
  const [state, end] = outcome === 'succeeded' ? [after, 'done' as const] : [afterCancel, 'cancelled' as const]
  const reason = why === undefined ? null : `${title} was taken back: ${why}`
  return {
    position: { ...standing(visit), outcome, endedAt: visit.now },
    attempt: { outcome: end },
    state: { state, reason },
    event: { kind: `operation.${outcome}`, message: reason ?? `${title}: ${end}` },
  }
}

function failing<W>(visit: Ended<W>, error: PublicError): Change {
  const title = stepTitle(visit.definition, visit.lease.operation.step)
  return {
    position: { ...standing(visit), outcome: 'failed', error, failures: visit.lease.operation.failures },
    attempt: { outcome: 'failed' },
    state: { state: 'Error', reason: `${visit.definition.title} failed at "${title}": ${error.message}` },
    event: { kind: 'operation.failed', message: `${visit.definition.title}: ${error.message}` },
  }
}

async function storeTimeline<W>(tx: Tx, { lease, now }: Ended<W>, { attempt, position }: Change): Promise<void> {
  const { id, step } = lease.operation
  if (attempt) {
    const { outcome, why = null } = attempt
    await recordAttempt(tx, id, { outcome, waitingReason: why, error: position.error, now })
  } else await closeStep(tx, id, { outcome: 'cancelled', now })
  if (position.step !== step || attempt?.outcome === 'next') await insertStep(tx, id, { name: position.step, now })
}
