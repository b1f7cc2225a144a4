import type { MemberId } from '../domain/id.ts'
import type { Db } from './database.ts'
import { memberFrom, type Member } from './members.ts'

/** Who is signed in. Only the hash of a cookie's token is kept: a copy of the database signs nobody in. */
export type Session = { tokenHash: string; memberId: MemberId; createdAt: Date; expiresAt: Date }

export async function insertSession(db: Db, session: Session): Promise<void> {
  const { tokenHash, memberId, createdAt, expiresAt } = session
  await db
    .insertInto('sessions')
    .values({ token_hash: tokenHash, member_id: memberId, created_at: createdAt, expires_at: expiresAt })
    .execute()
}

/** The session that has not ended, and its member. */
export async function findSession(
  db: Db,
  tokenHash: string,
  now: Date,
): Promise<{ session: Session; member: Member } | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('members', 'members.id', 'sessions.member_id')
    .selectAll('members')
    .select(['sessions.created_at as session_created_at', 'sessions.expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return undefined
  const session = { tokenHash, memberId: row.id, createdAt: row.session_created_at, expiresAt: row.expires_at }
  return { session, member: memberFrom(row) }
}

export async function updateSessionExpiry(db: Db, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.updateTable('sessions').set({ expires_at: expiresAt }).where('token_hash', '=', tokenHash).execute()
}

export async function deleteSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
}

/** Signs the member out everywhere but here. */
export async function deleteOtherSessions(db: Db, memberId: MemberId, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('member_id', '=', memberId).where('token_hash', '!=', tokenHash).execute()
}
