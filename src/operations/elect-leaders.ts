import type { PartitionState } from '../domain/observation.ts'
import { ledByAnother, type Pace } from '../domain/preferred-leader.ts'
import type { BrokerEndpoint } from '../kafka/cluster.ts'
import type { Op } from './world.ts'

type Led = { endpoints: BrokerEndpoint[]; partitions: PartitionState[]; pace: Pace }

/** The next few partitions go to their preferred leader. What there is to wait for; null: each is led by it, or it cannot lead. */
export async function electLeaders(op: Op, { endpoints, partitions, pace }: Led): Promise<string | null> {
  const due = ledByAnother(partitions)
  const elected = (op.notes.elected as number | undefined) ?? 0
  const next = pace(due, elected)
  const refused = next.length === 0 ? [] : await op.world.clusters.electPreferredLeaders(endpoints, next)
  const isLast = next.length === due.length && refused.length === 0
  op.remember({ elected: isLast ? 0 : elected + next.length })
  if (isLast) return null
  const which = due.length === 1 ? '1 partition has' : `${due.length} partitions have`
  return `${which} yet to change to the preferred leader, a few at a time`
}
