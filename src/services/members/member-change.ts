import { AppError } from '../../domain/errors.ts'
import type { MemberId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Tx } from '../../store/database.ts'
import { getMember, lockAdministrators, type Member } from '../../store/members.ts'
import type { Once } from '../context.ts'

/** What every change of a member by an administrator is asked with. */
export type MemberRequest = { id: MemberId; actor: Actor; once?: Once | undefined }

/**
 * The member, as it is while nobody else can take an administrator away. Whoever is about to take this one's powers calls it:
 * it throws `conflict` (`Member.LastAdministrator`) when nobody would be left to let others in.
 */
export async function holdDispensable(tx: Tx, id: MemberId, losesPowers: (member: Member) => boolean): Promise<Member> {
  const administrators = await lockAdministrators(tx)
  const member = await getMember(tx, id)
  const isLast = administrators.length === 1 && administrators[0] === id
  if (!isLast || !losesPowers(member)) return member
  const message = `${member.name} is the only administrator left. Make another one first.`
  throw new AppError('conflict', 'Member.LastAdministrator', message)
}
