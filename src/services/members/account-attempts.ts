import type { Database } from '../../store/database.ts'
import { lockMember, updateSignIns } from '../../store/members.ts'
import { pauseAfter, tooManyAttempts } from './sign-in-throttle.ts'

/**
 * Counts an attempt at an account's password before it is judged, one after the other, so that guesses sent together are
 * counted too. In the database: every process counts on. Throws `Session.TooManyAttempts` while the account must rest.
 */
export async function takeAttempt(db: Database, name: string, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const member = await lockMember(tx, name)
    if (member.lockedUntil && member.lockedUntil > now) throw tooManyAttempts(member.lockedUntil, now)
    const failedSignIns = member.failedSignIns + 1
    const pauseMs = pauseAfter(failedSignIns)
    const lockedUntil = pauseMs > 0 ? new Date(now.getTime() + pauseMs) : null
    await updateSignIns(tx, member.id, { failedSignIns, lockedUntil })
  })
}
