import type { Database } from '../../store/database.ts'
import type { Member } from '../../store/members.ts'
import { findSession, updateSessionExpiry } from '../../store/sessions.ts'
import { sessionIdleMs, sessionLongestMs } from './sign-in.ts'

/** Moving the end of a session on is a write; once in a while is enough. */
const slideEveryMs = 10 * 60_000

/** The member behind a session's token, with the session's end moved on; nothing when it has ended. */
export async function findCaller(db: Database, tokenHash: string, now: Date): Promise<Member | undefined> {
  const found = await findSession(db, tokenHash, now)
  if (!found) return undefined
  const { session, member } = found
  const latest = session.createdAt.getTime() + sessionLongestMs
  const expiresAt = Math.min(latest, now.getTime() + sessionIdleMs)
  if (expiresAt - session.expiresAt.getTime() > slideEveryMs)
    await updateSessionExpiry(db, tokenHash, new Date(expiresAt))
  return member
}

/** Whether the session is still open. Only looking does not keep it open: a page left alone ends like any other. */
export async function hasSession(db: Database, tokenHash: string, now: Date): Promise<boolean> {
  return !!(await findSession(db, tokenHash, now))
}
