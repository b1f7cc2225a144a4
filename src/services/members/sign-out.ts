import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Database } from '../../store/database.ts'
import { deleteSession } from '../../store/sessions.ts'

export type SignOut = { environmentId: string; tokenHash: string; actor: Actor; now: Date }

/** Ends the session on the server: a copy of the cookie is worth nothing from now on. */
export async function signOut(db: Database, { environmentId, tokenHash, actor, now }: SignOut): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await deleteSession(tx, tokenHash)
    const about = { environmentId, instanceId: null, operationId: null }
    await insertAuditEvent(tx, { ...about, action: 'session.end', actor, createdAt: now })
  })
}
