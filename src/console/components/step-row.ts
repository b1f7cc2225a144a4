import type { GatePassage, Step } from '../api-types.ts'

/** One line of a timeline. */
export type StepLook = 'done' | 'failed' | 'cancelled' | 'paused' | 'active' | 'planned'
export type StepRow = {
  key: string
  name: string
  title: string
  look: StepLook
  /** None that ran yet, one, or all that restarted a node. */
  steps: Step[]
  /** On which evidence the node was restarted. */
  passage?: GatePassage
}
