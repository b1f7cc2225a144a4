import type { Operation, PlannedStep, Step } from '../api-types.ts'
import { stillOpen } from '../words.ts'
import { rollRows } from './roll-rows.ts'
import type { StepLook, StepRow } from './step-row.ts'

type Shown = Pick<Operation, 'status' | 'plannedSteps' | 'steps' | 'change'>

/**
 * The lines of a timeline: the steps that ran, in the order they ran, then those that the plan still holds. What restarted one
 * node is one line, with its evidence. A cancelled Operation promises nothing more.
 */
export function stepRows(operation: Shown): StepRow[] {
  const steps = operation.steps ?? []
  const ran = steps.map((step): StepRow => {
    const { seq, name, title } = step
    return { key: `${seq}`, name, title, look: lookOf(step, operation), steps: [step] }
  })
  const planned = stepsToCome(operation, steps).map(({ name, title }): StepRow => ({
    key: name,
    name,
    title,
    look: 'planned',
    steps: [],
  }))
  return rollRows([...ran, ...planned], operation.change)
}

function lookOf(step: Step, { status, steps = [] }: Shown): StepLook {
  if (step.outcome === 'failed') return 'failed'
  if (step.outcome === 'cancelled') return isEndOfWayBack(step, steps) ? 'done' : 'cancelled'
  if (step.outcome !== 'running') return 'done'
  if (status === 'Failed') return 'failed'
  return status === 'Paused' ? 'paused' : 'active'
}

/** A cancel interrupts one step; the one that ends the way back from there did what it should. */
const isEndOfWayBack = (step: Step, steps: Step[]): boolean =>
  step === steps.at(-1) && steps.some((earlier) => earlier !== step && earlier.outcome === 'cancelled')

function stepsToCome({ status, plannedSteps }: Shown, steps: Step[]): PlannedStep[] {
  if (!stillOpen(status) || status === 'Cancelling') return []
  const present = steps.at(-1)
  if (!present) return plannedSteps
  const index = plannedSteps.findIndex((planned) => planned.name === present.name)
  return index < 0 ? [] : plannedSteps.slice(index + 1)
}
