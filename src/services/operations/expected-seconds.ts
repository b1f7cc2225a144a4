import { listDurations } from '../../store/operations.ts'
import type { ServiceContext } from '../context.ts'

const newest = 15

/** The median of what this installation's own last ones took; nothing while there is no history. */
export async function expectedSeconds({ db, environmentId }: ServiceContext, kind: string): Promise<number | null> {
  const sorted = (await listDurations(db, environmentId, { kind, limit: newest })).toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  return median === undefined ? null : Math.round(median * 10) / 10
}
