import { auditedInstance } from '../domain/audited-instance.ts'
import { AppError } from '../domain/errors.ts'
import { operationIdFrom, type InstanceId } from '../domain/id.ts'
import { instanceCan, type Instance } from '../domain/instance.ts'
import type { Operation } from '../domain/operation.ts'
import { roleGrants, type Actor } from '../domain/permission.ts'
import { insertAuditEvent } from '../store/audit-events.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { lockInstance, updateInstanceState } from '../store/instances.ts'
import { notifyWorkers } from '../store/operation-leases.ts'
import { findOpenOperation, insertOperation, replaceOperation } from '../store/operations.ts'
import { closeStep, insertStep } from '../store/steps.ts'
import { firstStepOf, type OperationDefinition } from './define-operation.ts'

/**
 * The birth of every change: permission, state, one change at a time, then all rows in the caller's transaction. When it
 * commits, the change is decided and a worker has been told; nothing of the world has been touched yet.
 */
export type StartRequest<I, C> = {
  environmentId: string
  /** Absent when the Operation makes the Instance. */
  instanceId?: InstanceId
  input: I
  context: C
  actor: Actor
  now: Date
  random(bytes: number): Uint8Array
}

export async function startOperation<W, I, C, S extends string>(
  tx: Tx,
  definition: OperationDefinition<W, I, C, S>,
  request: StartRequest<I, C>,
): Promise<Operation> {
  if (!roleGrants(request.actor.role, definition.permission)) throw notPermitted(definition.permission)
  const instance = request.instanceId ? await lockInstance(tx, request.instanceId) : null
  const replaced = instance && (await refuseOrReplace(tx, instance, { definition, now: request.now }))

  const instanceId = await definition.begin(tx, { ...request, instance })
  if (definition.during) {
    await updateInstanceState(tx, instanceId, { state: definition.during, reason: null, now: request.now })
  }
  const operation = newOperation(definition, request, instanceId)
  await insertOperation(tx, operation)
  await insertStep(tx, operation.id, { name: operation.step, now: request.now })
  if (replaced) await tellReplaced(tx, replaced, { by: definition.title, now: request.now })
  await record(tx, operation, { ...request, definition, instance })
  await notifyWorkers(tx)
  return operation
}

function notPermitted(permission: string): AppError {
  return new AppError('forbidden', 'Member.NotPermitted', `Your role does not include the permission ${permission}.`)
}

type Newcomer = { definition: Pick<OperationDefinition<unknown>, 'action' | 'takesOver'>; now: Date }

/**
 * One change at a time: an active Operation is in the way of all but a delete; a failed one, and a standing duty's, give way.
 * What is replaced is returned. Whoever works on it holds an older epoch than its successor will, and writes nothing more.
 */
async function refuseOrReplace(
  tx: Tx,
  instance: Instance,
  { definition: { action, takesOver }, now }: Newcomer,
): Promise<Operation | undefined> {
  const open = await findOpenOperation(tx, instance.id)
  const answer = action ? instanceCan(action, instance.state, open) : { allowed: true as const }
  if (!answer.allowed) throw busy(answer.why, open)
  if (!open) return undefined
  if (open.outcome === 'active' && !open.givesWay && !takesOver) throw busy('Another Operation is under way.', open)
  await replaceOperation(tx, open.id, now)
  await closeStep(tx, open.id, { outcome: 'cancelled', now })
  return open
}

/** The 409 of a busy Instance, naming the Operation in the way. */
export function busy(why: string, open: Operation | undefined): AppError {
  if (!open) return new AppError('conflict', 'Instance.NotRunning', why)
  const message = `${why} In the way: Operation ${open.id} (${open.kind}, at step ${open.step}).`
  return new AppError('conflict', 'Instance.Busy', message, { detail: open.id })
}

const recordedInput = <W, I, C, S extends string>(definition: OperationDefinition<W, I, C, S>, input: I): unknown =>
  definition.recorded ? definition.recorded(input) : input

function newOperation<W, I, C, S extends string>(
  definition: OperationDefinition<W, I, C, S>,
  request: StartRequest<I, C>,
  instanceId: InstanceId,
): Operation {
  const { now, environmentId, actor } = request
  const step = firstStepOf(definition)
  return {
    id: operationIdFrom(request.random(16)),
    environmentId,
    instanceId,
    kind: definition.kind,
    outcome: 'active',
    step,
    notes: {},
    input: recordedInput(definition, request.input),
    waitingReason: null,
    failures: 0,
    error: null,
    actor: actor.name,
    givesWay: definition.givesWay ?? false,
    runAt: now,
    pausedAt: null,
    cancelRequestedAt: null,
    deadlineAt: new Date(now.getTime() + definition.steps[step as S].deadlineSeconds * 1000),
    isOverdue: false,
    createdAt: now,
    endedAt: null,
  }
}

/** Whoever looks at the Operation that gave way learns that its story is over. */
async function tellReplaced(tx: Tx, replaced: Operation, { by, now }: { by: string; now: Date }): Promise<void> {
  const { environmentId, instanceId, id: operationId, kind } = replaced
  const message = `${kind} is given up: ${by} takes its place`
  const about = { environmentId, instanceId, operationId }
  await insertEvent(tx, { ...about, kind: 'operation.cancelled', message, createdAt: now })
}

type Begun = { definition: { title: string; audit: string }; instance: Instance | null; actor: Actor; now: Date }

async function record(tx: Tx, operation: Operation, begun: Begun): Promise<void> {
  const { definition, instance, actor, now } = begun
  const about = { environmentId: operation.environmentId, instanceId: operation.instanceId, operationId: operation.id }
  const detail = { before: instance && auditedInstance(instance), after: operation.input }
  await insertAuditEvent(tx, { ...about, action: definition.audit, actor, detail, createdAt: now })
  const message = `${definition.title}: begun by ${actor.name}`
  await insertEvent(tx, { ...about, kind: 'operation.started', message, createdAt: now })
}
