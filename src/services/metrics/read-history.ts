import type { InstanceId } from '../../domain/id.ts'
import { getInstance } from '../../store/instances.ts'
import { listMinutes, type InstanceMinute } from '../../store/instance-minutes.ts'
import type { ServiceContext } from '../context.ts'

/** How far back a chart looks, and over what it averages: about as many points as it has room for. */
export const historyRanges = {
  '1h': { seconds: 3_600, everySeconds: 60 },
  '6h': { seconds: 6 * 3_600, everySeconds: 120 },
  '24h': { seconds: 24 * 3_600, everySeconds: 600 },
} as const
export type HistoryRange = keyof typeof historyRanges

export type History = { from: Date; to: Date; everySeconds: number; points: InstanceMinute[] }

/** Throws `not-found` where there is no such Instance. */
export async function readHistory({ db, now }: ServiceContext, id: InstanceId, range: HistoryRange): Promise<History> {
  await getInstance(db, id)
  const { seconds, everySeconds } = historyRanges[range]
  const to = now()
  const from = new Date(Math.floor((to.getTime() / 1000 - seconds) / everySeconds) * everySeconds * 1000)
  return { from, to, everySeconds, points: await listMinutes(db, id, { from, everySeconds }) }
}
