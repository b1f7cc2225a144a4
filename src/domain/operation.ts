import type { InstanceId, OperationId } from './id.ts'

/**
 * An Operation is one durable piece of work on one Instance; a Step is one visit to one of its states. At most one
 * Operation of an Instance is open (active or failed) at a time; a failed one stays open until it is retried, or the
 * Instance is deleted.
 */
export const operationOutcomes = ['active', 'failed', 'succeeded', 'cancelled'] as const
export type OperationOutcome = (typeof operationOutcomes)[number]

/** What a person sees, derived from the row in one place. */
export const operationStatuses = [
  'Running',
  'Waiting',
  'Retrying',
  'Paused',
  'Cancelling',
  'Failed',
  'Succeeded',
  'Cancelled',
] as const
export type OperationStatus = (typeof operationStatuses)[number]

export type PublicError = { code: string; message: string; detail?: string }

export type Operation = {
  id: OperationId
  environmentId: string
  instanceId: InstanceId
  kind: string
  outcome: OperationOutcome
  step: string
  /** What steps remember between visits. Never a secret. */
  notes: Record<string, unknown>
  input: unknown
  /** Why nothing happens right now, in words for the person. */
  waitingReason: string | null
  /** Failures of the present step in a row; 0 after a success. */
  failures: number
  error: PublicError | null
  actor: string
  /** It stops where it is when a person's change comes, instead of being in the way. */
  givesWay: boolean
  runAt: Date
  pausedAt: Date | null
  cancelRequestedAt: Date | null
  /** When the present step is late, and whether it is: a badge, never a kill. */
  deadlineAt: Date | null
  isOverdue: boolean
  createdAt: Date
  endedAt: Date | null
}

type Birth = Pick<
  Operation,
  'id' | 'environmentId' | 'instanceId' | 'kind' | 'step' | 'input' | 'actor' | 'givesWay' | 'deadlineAt' | 'createdAt'
>

/** As it stands before any of its code has run. */
export const newOperation = (birth: Birth): Operation => ({
  ...birth,
  outcome: 'active',
  notes: {},
  waitingReason: null,
  failures: 0,
  error: null,
  runAt: birth.createdAt,
  pausedAt: null,
  cancelRequestedAt: null,
  isOverdue: false,
  endedAt: null,
})

/** What rows that tell of it carry. */
export const aboutOperation = ({ environmentId, instanceId, id }: Operation) => ({
  environmentId,
  instanceId,
  operationId: id,
})

/** It is open, and nothing happens until a person says so. */
export const isStanding = ({ outcome, pausedAt }: Pick<Operation, 'outcome' | 'pausedAt'>): boolean =>
  outcome === 'failed' || (outcome === 'active' && pausedAt !== null)

export type StepOutcome = 'running' | 'next' | 'done' | 'cancelled' | 'failed'

export type Step = {
  operationId: OperationId
  seq: number
  name: string
  outcome: StepOutcome
  /** How many times the step's code ran; waiting and retrying count. */
  attempts: number
  waitingReason: string | null
  error: PublicError | null
  startedAt: Date
  endedAt: Date | null
}

type StatusFields = Pick<Operation, 'outcome' | 'pausedAt' | 'cancelRequestedAt' | 'failures' | 'waitingReason'>

export function operationStatus(operation: StatusFields): OperationStatus {
  if (operation.outcome === 'succeeded') return 'Succeeded'
  if (operation.outcome === 'cancelled') return 'Cancelled'
  if (operation.outcome === 'failed') return 'Failed'
  if (operation.pausedAt) return 'Paused'
  if (operation.cancelRequestedAt) return 'Cancelling'
  if (operation.failures > 0) return 'Retrying'
  return operation.waitingReason === null ? 'Running' : 'Waiting'
}

export const operationActions = ['pause', 'resume', 'cancel', 'retry'] as const
export type OperationAction = (typeof operationActions)[number]

export type OperationAnswer = { allowed: true } | { allowed: false; why: string }

const no = (why: string): OperationAnswer => ({ allowed: false, why })
const yes: OperationAnswer = { allowed: true }

/** What the definition of the Operation says against an action; null: nothing. */
export type Refusals = { cancel: string | null; resume: string | null }

/** May this be done to the Operation now, and if not, why. */
export function operationCan(action: OperationAction, operation: StatusFields, refusals: Refusals): OperationAnswer {
  if (operation.outcome === 'succeeded') return no('The Operation has succeeded.')
  if (operation.outcome === 'cancelled') return no('The Operation was cancelled.')
  switch (action) {
    case 'pause':
      if (operation.outcome === 'failed') return no('The Operation has failed: retry it, or delete the Instance.')
      return operation.pausedAt ? no('The Operation is paused already.') : yes
    case 'resume':
      if (operation.outcome === 'failed') return no('The Operation has failed: retry it, or delete the Instance.')
      if (!operation.pausedAt) return no('The Operation is not paused.')
      return refusals.resume ? no(refusals.resume) : yes
    case 'cancel':
      if (refusals.cancel) return no(refusals.cancel)
      return operation.cancelRequestedAt && operation.outcome !== 'failed'
        ? no('The Operation is being cancelled already.')
        : yes
    case 'retry':
      return operation.outcome === 'failed' ? yes : no('Only a failed Operation can be retried.')
  }
}
