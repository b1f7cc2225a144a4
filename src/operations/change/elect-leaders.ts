import { ledByAnother, nextElected } from '../../domain/preferred-leader.ts'
import type { Op } from '../world.ts'
import type { Evidence, Scene } from './scene.ts'

/** The next few partitions go to their preferred leader. What there is to wait for; null: each is led by it, or it cannot lead. */
export async function electLeaders(op: Op, { endpoints }: Scene, { observation }: Evidence): Promise<string | null> {
  const due = ledByAnother(observation.partitions)
  const elected = (op.notes.elected as number | undefined) ?? 0
  const next = nextElected(due, elected)
  op.remember({ elected: next.length === 0 ? 0 : elected + next.length })
  if (next.length === 0) return null
  await op.world.clusters.electPreferredLeaders(endpoints, next)
  const which = due.length === 1 ? '1 partition has' : `${due.length} partitions have`
  return `${which} yet to change to the preferred leader, a few at a time`
}
