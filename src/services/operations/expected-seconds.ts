import type { InstanceId } from '../../domain/id.ts'
import { listDurations } from '../../store/operations.ts'
import type { ServiceContext } from '../context.ts'

const newest = 15

/** The median of what the last ones here took, `only` those of these Instances; nothing while there is no history. */
export async function expectedSeconds(
  { db, environmentId }: ServiceContext,
  kind: string,
  only?: readonly InstanceId[],
): Promise<number | null> {
  const durations = await listDurations(db, environmentId, { kinds: [kind], limit: newest, only })
  const sorted = durations.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  return median === undefined ? null : Math.round(median * 10) / 10
}
