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

/** The session that has not ended, and its member, who is not disabled. */
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
    .where('sessions.expires_at', '>', now)
    .where('disabled_at', 'is', null)
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

/** Signs the member out everywhere. */
export async function deleteSessions(db: Db, memberId: MemberId): Promise<void> {
  await db.deleteFrom('sessions').where('member_id', '=', memberId).execute()
}

/** How many sessions each of these members has open; nobody's are left out. */
export async function countSessions(db: Db, members: MemberId[], now: Date): Promise<Map<MemberId, number>> {
  if (members.length === 0) return new Map()
  const rows = await db
    .selectFrom('sessions')
    .select((eb) => ['member_id', eb.fn.countAll<number>().as('count')])
    .where('member_id', 'in', members)
    .where('expires_at', '>', now)
    .groupBy('member_id')
    .execute()
  return new Map(rows.map(({ member_id, count }) => [member_id, count]))
}
