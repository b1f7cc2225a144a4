import { eventRange, listEventsAfter, type Event } from '../../store/events.ts'
import type { ServiceContext } from '../context.ts'

export type FeedEvent = Event

/** Events after an id, oldest first. */
export async function readEventsAfter(
  { db, environmentId }: ServiceContext,
  after: number,
  limit: number,
): Promise<FeedEvent[]> {
  return await listEventsAfter(db, environmentId, { after, limit })
}

/** The ids of the oldest and the newest event that are kept. */
export const readEventRange = ({ db }: ServiceContext) => eventRange(db)
