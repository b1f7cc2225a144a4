import { z } from '@hono/zod-openapi'
import {
  operationActions,
  operationCan,
  operationStatus,
  operationStatuses,
  type Operation,
  type Step,
} from '../../domain/operation.ts'
import { refusalsOf, stepTitle, titleOf, type AnyOperationDefinition } from '../../engine/define-operation.ts'
import type { World } from '../../operations/world.ts'
import type { OperationReading } from '../../services/operations/read-operations.ts'
import type { HttpWorld } from '../world.ts'
import { ChangeProgressShape, changeProgressView } from './change-progress.ts'
import { Allowed, NamedStep, PublicError, Time } from './shapes.ts'

/** Operations as the wire shows them: words from the definition, the rest from the rows. */
const StepShape = z.object({
  seq: z.number().int(),
  name: z.string(),
  title: z.string(),
  outcome: z.enum(['running', 'next', 'done', 'cancelled', 'failed']),
  attempts: z.number().int(),
  waitingReason: z.string().nullable(),
  error: PublicError.nullable(),
  startedAt: Time,
  endedAt: Time.nullable(),
})

export const OperationShape = z
  .object({
    operationId: z.string(),
    instanceId: z.string(),
    instanceName: z.string(),
    kind: z.string(),
    title: z.string(),
    status: z.enum(operationStatuses),
    step: z.string(),
    stepTitle: z.string(),
    waitingReason: z.string().nullable(),
    error: PublicError.nullable(),
    attempts: z.number().int().openapi({ description: 'Failures of the present step in a row.' }),
    isOverdue: z.boolean(),
    actor: z.string(),
    createdAt: Time,
    endedAt: Time.nullable(),
    nextRunAt: Time.nullable(),
    actions: z.object({ pause: Allowed, resume: Allowed, cancel: Allowed, retry: Allowed }),
    plannedSteps: z.array(NamedStep),
    change: ChangeProgressShape.nullable().openapi({ description: 'Of an Operation that changes an Instance.' }),
    steps: z.array(StepShape).optional(),
  })
  .openapi('Operation')

type Definition = AnyOperationDefinition<World> | undefined

/** The steps of the story as planned: what cancelling would do is not part of it. Without an Operation: all that there are. */
export function plannedSteps(definition: Definition, operation?: Operation): { name: string; title: string }[] {
  if (!definition) return []
  const all = Object.keys(definition.steps).filter((name) => name !== definition.onCancel)
  const names = (operation && definition.plannedSteps?.(operation)) ?? all
  return names.map((name) => ({ name, title: stepTitle(definition, name) }))
}

export function operationView({ registry, now }: HttpWorld, reading: OperationReading): z.input<typeof OperationShape> {
  const { operation, instanceName, steps } = reading
  const definition = registry.find(operation.kind)
  const refusals = refusalsOf(definition, operation)
  const allowed = operationActions.map((action) => [action, operationCan(action, operation, refusals)])
  const isWaiting = operation.outcome === 'active' && !operation.pausedAt
  return {
    operationId: operation.id,
    instanceId: operation.instanceId,
    instanceName,
    ...headOf(definition, operation),
    error: operation.error,
    attempts: operation.failures,
    // A step whose code hangs cannot say that it is late: the clock can.
    isOverdue: operation.isOverdue || (isWaiting && !!operation.deadlineAt && operation.deadlineAt <= now()),
    actor: operation.actor,
    createdAt: operation.createdAt.toISOString(),
    endedAt: operation.endedAt?.toISOString() ?? null,
    nextRunAt: isWaiting ? operation.runAt.toISOString() : null,
    actions: Object.fromEntries(allowed) as z.input<typeof OperationShape>['actions'],
    plannedSteps: plannedSteps(definition, operation),
    change: changeProgressView(operation, now()),
    ...(steps && { steps: steps.map((step) => stepView(definition, step)) }),
  }
}

const headOf = (definition: Definition, operation: Operation) => ({
  kind: operation.kind,
  title: titleOf(definition, operation),
  status: operationStatus(operation),
  step: operation.step,
  stepTitle: stepTitle(definition, operation.step),
  waitingReason: operation.waitingReason,
})

/** The Operation that owns an Instance, in the few words that a list has room for. */
export const currentOperationView = ({ registry }: HttpWorld, operation: Operation) => ({
  operationId: operation.id,
  ...headOf(registry.find(operation.kind), operation),
  startedAt: operation.createdAt.toISOString(),
})

const stepView = (definition: Definition, step: Step) => ({
  seq: step.seq,
  name: step.name,
  title: stepTitle(definition, step.name),
  outcome: step.outcome,
  attempts: step.attempts,
  waitingReason: step.waitingReason,
  error: step.error,
  startedAt: step.startedAt.toISOString(),
  endedAt: step.endedAt?.toISOString() ?? null,
})
