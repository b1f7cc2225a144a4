import { AppError } from '../domain/errors.ts'
import type { OperationId } from '../domain/id.ts'
import { aboutOperation, operationCan, type Operation, type OperationAction } from '../domain/operation.ts'
import { refuseUnlessGranted, type Actor } from '../domain/permission.ts'
import { insertAuditEvent } from '../store/audit-events.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { holdInstance, updateInstanceState } from '../store/instances.ts'
import { notifyWorkers } from '../store/operation-leases.ts'
import { getOperation, lockOperation, updateOperationControl, type OperationControl } from '../store/operations.ts'
import { insertStep } from '../store/steps.ts'
import { deadlineFor, refusalsOf, titleOf, type AnyOperationDefinition } from './define-operation.ts'
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
  refuseUnlessGranted(actor, 'operation:control')
  await holdInstance(tx, (await getOperation(tx, request.operationId)).instanceId)
  const operation = await lockOperation(tx, request.operationId)
  const definition = request.registry.find(operation.kind)
  const refusals = refusalsOf(definition, operation)
  const answer = operationCan(action, operation, request.isConfirmed ? { ...refusals, resume: null } : refusals)
  if (!answer.allowed) throw new AppError('conflict', 'Operation.NotAllowed', answer.why)

  const { change, told } = deeds[action]
  // The step's time begins anew: what was spent failed or paused is not the step's.
  const deadlineAt = definition && deadlineFor(definition, operation.step, now)
  const givesTime = deadlineAt && (action === 'retry' || action === 'resume')
  await updateOperationControl(tx, operation.id, { ...change(now), ...(givesTime && { deadlineAt }) })
  if (operation.outcome === 'failed') await takeUpAgain(tx, operation, { definition, action, now })
  const about = { ...aboutOperation(operation), createdAt: now }
  await insertAuditEvent(tx, { ...about, action: `operation.${action}`, actor })
  const message = `${titleOf(definition, operation)}: ${told} by ${actor.name}`
  await insertEvent(tx, { ...about, kind: `operation.${action}`, message })
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

const deeds: Record<OperationAction, { told: string; change(now: Date): OperationControl }> = {
  pause: { told: 'paused', change: (now) => ({ pausedAt: now, tendAt: now }) },
  resume: { told: 'resumed', change: (now) => ({ pausedAt: null, runAt: now }) },
  cancel: { told: 'cancelled', change: (now) => ({ ...goAgain(now), cancelRequestedAt: now }) },
  retry: { told: 'retried', change: goAgain },
}

type Taking<W> = { definition: AnyOperationDefinition<W> | undefined; action: OperationAction; now: Date }

/** The failed visit is closed in the timeline: one that runs again is a new one. A cancel turns to another step first. */
async function takeUpAgain<W>(tx: Tx, operation: Operation, { definition, action, now }: Taking<W>): Promise<void> {
  const runsAgain = action === 'retry' || operation.step === definition?.onCancel
  if (runsAgain) await insertStep(tx, operation.id, { name: operation.step, now })
  if (!definition) return
  // One that leaves the state as it is found it as it leaves it: the Error is its failure's, and over.
  const state = definition.during ?? definition.after
  await updateInstanceState(tx, operation.instanceId, { state, reason: null, now })
}
