import type { Operation, PlannedStep, Step } from '../api-types.ts'
import { stillOpen } from '../words.ts'

/**
 * The lines of a timeline: the steps that ran, in the order they ran, then those that the plan still holds. A cancelled
 * Operation promises nothing more.
 */
export type StepLook = 'done' | 'failed' | 'cancelled' | 'paused' | 'active' | 'planned'
export type StepRow = { key: string; title: string; look: StepLook; step?: Step }

type Shown = Pick<Operation, 'status' | 'plannedSteps' | 'steps'>

export function stepRows(operation: Shown): StepRow[] {
  const steps = operation.steps ?? []
  const ran = steps.map((step) => ({ key: `${step.seq}`, title: step.title, look: lookOf(step, operation), step }))
  return [
    ...ran,
    ...stepsToCome(operation, steps).map(({ name, title }) => ({ key: name, title, look: 'planned' as const })),
  ]
}

function lookOf(step: Step, { status }: Shown): StepLook {
  if (step.outcome === 'failed') return 'failed'
  if (step.outcome === 'cancelled') return 'cancelled'
  if (step.outcome !== 'running') return 'done'
  if (status === 'Failed') return 'failed'
  return status === 'Paused' ? 'paused' : 'active'
}

function stepsToCome({ status, plannedSteps }: Shown, steps: Step[]): PlannedStep[] {
  if (!stillOpen(status) || status === 'Cancelling') return []
  const present = steps.at(-1)
  if (!present) return plannedSteps
  const index = plannedSteps.findIndex((planned) => planned.name === present.name)
  return index < 0 ? [] : plannedSteps.slice(index + 1)
}
