import type { InstanceId } from '../../domain/id.ts'
import { eventRange, listEventsAfter, type Event } from '../../store/events.ts'
import type { ServiceContext } from '../context.ts'

export type FeedEvent = Event

/** Events after an id, oldest first; `only` those of these Instances. */
export async function readEventsAfter(
  { db, environmentId }: ServiceContext,
  asked: { after: number; limit: number; only?: readonly InstanceId[] | undefined },
): Promise<FeedEvent[]> {
  return await listEventsAfter(db, environmentId, asked)
}

/** The ids of the oldest and the newest event that are kept. */
export const readEventRange = ({ db }: ServiceContext) => eventRange(db)
