import { auditedInstance } from '../domain/audited-instance.ts'
import { busy, refuseUnlessCan } from '../domain/busy.ts'
import { operationIdFrom, type InstanceId } from '../domain/id.ts'
import type { Instance } from '../domain/instance.ts'
import { aboutOperation, newOperation, type Operation } from '../domain/operation.ts'
import { refuseUnlessGranted, type Actor } from '../domain/permission.ts'
import { insertAuditEvent } from '../store/audit-events.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { lockInstance, updateInstanceState } from '../store/instances.ts'
import { notifyWorkers } from '../store/operation-leases.ts'
import { findOpenOperation, insertOperation, replaceOperation } from '../store/operations.ts'
import { closeStep, insertStep } from '../store/steps.ts'
import { deadlineFor, type OperationDefinition } from './define-operation.ts'

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
  refuseUnlessGranted(request.actor, definition.permission)
  const instance = request.instanceId ? await lockInstance(tx, request.instanceId) : null
  const replaced = instance && (await refuseOrReplace(tx, instance, { definition, now: request.now }))

  const instanceId = await definition.begin(tx, { ...request, instance })
  if (definition.during) {
    await updateInstanceState(tx, instanceId, { state: definition.during, reason: null, now: request.now })
  }
  const operation = birthOf(definition, request, instanceId)
  await insertOperation(tx, operation)
  await insertStep(tx, operation.id, { name: operation.step, now: request.now })
  if (replaced) await tellReplaced(tx, replaced, { by: definition.title, now: request.now })
  await record(tx, operation, { ...request, definition, instance })
  await notifyWorkers(tx)
  return operation
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
  if (action) refuseUnlessCan(action, instance.state, open)
  if (!open) return undefined
  if (open.outcome === 'active' && !open.givesWay && !takesOver) throw busy('Another Operation is under way.', open)
  await replaceOperation(tx, open.id, now)
  await closeStep(tx, open.id, { outcome: 'cancelled', now })
  return open
}

function birthOf<W, I, C, S extends string>(
  definition: OperationDefinition<W, I, C, S>,
  { environmentId, input, actor, now, random }: StartRequest<I, C>,
  instanceId: InstanceId,
): Operation {
  const [step] = Object.keys(definition.steps) as [S]
  return newOperation({
    id: operationIdFrom(random(16)),
    environmentId,
    instanceId,
    kind: definition.kind,
    step,
    input: definition.recorded ? definition.recorded(input) : input,
    actor: actor.name,
    givesWay: definition.givesWay ?? false,
    deadlineAt: deadlineFor(definition, step, now) ?? null,
    createdAt: now,
  })
}

/** Whoever looks at the Operation that gave way learns that its story is over. */
async function tellReplaced(tx: Tx, replaced: Operation, { by, now }: { by: string; now: Date }): Promise<void> {
  const message = `${replaced.kind} is given up: ${by} takes its place`
  await insertEvent(tx, { ...aboutOperation(replaced), kind: 'operation.cancelled', message, createdAt: now })
}

type Begun = { definition: { title: string; audit: string }; instance: Instance | null; actor: Actor; now: Date }

async function record(tx: Tx, operation: Operation, begun: Begun): Promise<void> {
  const { definition, instance, actor, now } = begun
  const about = { ...aboutOperation(operation), createdAt: now }
  const detail = { before: instance && auditedInstance(instance), after: operation.input }
  await insertAuditEvent(tx, { ...about, action: definition.audit, actor, detail })
  const message = `${definition.title}: begun by ${actor.name}`
  await insertEvent(tx, { ...about, kind: 'operation.started', message })
}
