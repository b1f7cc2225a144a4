import type { MemberId } from '../../domain/id.ts'
import { getMember, listMembers, type Member } from '../../store/members.ts'
import { countSessions } from '../../store/sessions.ts'
import type { ServiceContext } from '../context.ts'

/** A member with how many sessions are open. */
export type MemberReading = { member: Member; sessions: number }

/** Throws `not-found` (`Member.NotFound`). */
export async function readMember({ db, now }: ServiceContext, id: MemberId): Promise<MemberReading> {
  const member = await getMember(db, id)
  return { member, sessions: (await countSessions(db, [id], now())).get(id) ?? 0 }
}

export async function readMembers(
  { db, now }: ServiceContext,
  query: { page: number; size: number },
): Promise<{ total: number; list: MemberReading[] }> {
  const { total, list } = await listMembers(db, query)
  const sessions = await countSessions(
    db,
    list.map(({ id }) => id),
    now(),
  )
  return { total, list: list.map((member) => ({ member, sessions: sessions.get(member.id) ?? 0 })) }
}
