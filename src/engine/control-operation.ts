import { AppError } from '../domain/errors.ts'
import type { OperationId } from '../domain/id.ts'
import { operationCan, type Operation, type OperationAction } from '../domain/operation.ts'
import { roleGrants, type Actor } from '../domain/permission.ts'
import { insertAuditEvent } from '../store/audit-events.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { holdInstance, updateInstanceState } from '../store/instances.ts'
import { notifyWorkers } from '../store/operation-leases.ts'
import { getOperation, lockOperation, updateOperationControl, type OperationControl } from '../store/operations.ts'
import { insertStep } from '../store/steps.ts'
import { findStep, refusalsOf, type AnyOperationDefinition } from './define-operation.ts'
import type { Registry } from './registry.ts'

/** A person's hand on an Operation: pause, resume, cancel, retry. The engine's, so every Operation has them. */
export type ControlRequest<W> = {
  operationId: OperationId
  action: OperationAction
  actor: Actor
  now: Date
  registry: Registry<W>
  /** The word of its own that the Operation waits for has been said: resuming is enough. */
  isConfirmed?: boolean
}

/** Throws `conflict` (`Operation.NotAllowed`) with the reason when the action is not open now. */
export async function controlOperation<W>(tx: Tx, request: ControlRequest<W>): Promise<void> {
  const { action, actor, now } = request
  if (!roleGrants(actor.role, 'operation:control')) {
    throw new AppError(
      'forbidden',
      'Member.NotPermitted',
      'Your role does not include the permission operation:control.',
    )
  }
  await holdInstance(tx, (await getOperation(tx, request.operationId)).instanceId)
  const operation = await lockOperation(tx, request.operationId)
  const definition = request.registry.find(operation.kind)
  const refusals = refusalsOf(definition, operation)
  const answer = operationCan(action, operation, request.isConfirmed ? { ...refusals, resume: null } : refusals)
  if (!answer.allowed) throw new AppError('conflict', 'Operation.NotAllowed', answer.why)

  await updateOperationControl(tx, operation.id, changes[action](now))
  if (action === 'retry' || action === 'resume') await giveTime(tx, operation, { definition, now })
  if (operation.outcome === 'failed') await takeUpAgain(tx, operation, { definition, action, now })
  const about = { environmentId: operation.environmentId, instanceId: operation.instanceId, operationId: operation.id }
  await insertAuditEvent(tx, { ...about, action: `operation.${action}`, actor, createdAt: now })
  const message = `${definition?.title ?? operation.kind}: ${words[action]} by ${actor.name}`
  await insertEvent(tx, { ...about, kind: `operation.${action}`, message, createdAt: now })
  await notifyWorkers(tx)
}

/** From a failure, retrying and cancelling both set the Operation going again; what is paused must move for that. */
const goAgain = (now: Date): OperationControl => ({
  outcome: 'active',
  failures: 0,
  error: null,
  pausedAt: null,
  runAt: now,
  endedAt: null,
})

const changes: Record<OperationAction, (now: Date) => OperationControl> = {
  pause: (now) => ({ pausedAt: now, tendAt: now }),
  resume: (now) => ({ pausedAt: null, runAt: now }),
  cancel: (now) => ({ ...goAgain(now), cancelRequestedAt: now }),
  retry: goAgain,
}

const words: Record<OperationAction, string> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  retry: 'retried',
}

type Taking<W> = { definition: AnyOperationDefinition<W> | undefined; action: OperationAction; now: Date }

/** The step's time begins anew: what was spent failed or paused is not the step's. */
async function giveTime<W>(
  tx: Tx,
  { id, step }: Operation,
  { definition, now }: Omit<Taking<W>, 'action'>,
): Promise<void> {
  const seconds = definition && findStep(definition, step)?.deadlineSeconds
  if (seconds) await updateOperationControl(tx, id, { deadlineAt: new Date(now.getTime() + seconds * 1000) })
}

/** The failed visit is closed in the timeline: one that runs again is a new one. A cancel turns to another step first. */
async function takeUpAgain<W>(tx: Tx, operation: Operation, { definition, action, now }: Taking<W>): Promise<void> {
  const runsAgain = action === 'retry' || operation.step === definition?.onCancel
  if (runsAgain) await insertStep(tx, operation.id, { name: operation.step, now })
  if (!definition) return
  // One that leaves the state as it is found it as it leaves it: the Error is its failure's, and over.
  const state = definition.during ?? definition.after
  await updateInstanceState(tx, operation.instanceId, { state, reason: null, now })
}
