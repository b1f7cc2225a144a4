import { listAuditEvents, listAuditEventsBelow, type AuditEvent, type AuditFilter } from '../../store/audit-search.ts'
import type { ServiceContext } from '../context.ts'

export type { AuditEvent } from '../../store/audit-search.ts'
export type AuditQuestion = Omit<AuditFilter, 'environmentId'>

/** A page of who did what, newest first. */
export async function readAudit(
  { db, environmentId }: ServiceContext,
  question: AuditQuestion & { page: number; size: number },
): Promise<{ total: number; list: AuditEvent[] }> {
  return await listAuditEvents(db, { ...question, environmentId })
}

const batch = 1_000

/** All that match, newest first, a batch at a time: an export of years is never held as a whole. */
export async function* readWholeAudit(
  { db, environmentId }: ServiceContext,
  question: AuditQuestion,
): AsyncGenerator<AuditEvent[]> {
  for (let below: number | undefined; ;) {
    const events = await listAuditEventsBelow(db, { ...question, environmentId }, { below, limit: batch })
    if (events.length > 0) yield events
    if (events.length < batch) return
    below = events.at(-1)!.id
  }
}
