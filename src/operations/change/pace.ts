import { changeKinds } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Db } from '../../store/database.ts'
import { listNotesOfEnded } from '../../store/operations.ts'
import { passagesOf } from './gate.ts'

/** How long a node's restart takes here, from the decision until it serves again. */
export type Pace = { secondsPerRestart: number; isMeasured: boolean }

const newestChanges = 10
const ruleOfThumb: Pace = { secondsPerRestart: 9, isMeasured: false }

/**
 * The median of the nodes that the last changes here restarted, `only` those of these Instances; by rule of thumb while there
 * are none.
 */
export async function paceHere(db: Db, environmentId: string, only?: readonly InstanceId[]): Promise<Pace> {
  const ended = await listNotesOfEnded(db, environmentId, { kinds: changeKinds, limit: newestChanges, only })
  const sorted = ended
    .flatMap((notes) => passagesOf(notes).flatMap((one) => (one.fate === 'through' ? [one.tookMs] : [])))
    .toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  return median === undefined ? ruleOfThumb : { secondsPerRestart: median / 1000, isMeasured: true }
}
