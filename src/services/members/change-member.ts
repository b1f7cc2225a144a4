import { AppError } from '../../domain/errors.ts'
import type { Role } from '../../domain/permission.ts'
import { updateStanding, type Member } from '../../store/members.ts'
import { deleteSessions } from '../../store/sessions.ts'
import { changeOnce, type OnceResult, type ServiceContext } from '../context.ts'
import { recordChange } from '../audit/record-change.ts'
import { holdDispensable, type MemberRequest } from './member-change.ts'

export type MemberChange = MemberRequest & { role?: Role | undefined; isDisabled?: boolean | undefined }

/** Changes what a member may do, or shuts one out: at once, in every open page too. */
export async function changeMember(context: ServiceContext, change: MemberChange): Promise<OnceResult> {
  const { id, actor, once, role, isDisabled } = change
  if (role === undefined && isDisabled === undefined) {
    throw new AppError('invalid', 'Request.NothingToChange', 'Name at least one field to change: role, isDisabled.')
  }
  return await changeOnce(context.db, once, async (tx) => {
    const losesPowers = (member: Member) => isDisabled === true || (role ?? member.role) !== 'administrator'
    const member = await holdDispensable(tx, id, losesPowers)
    const next = { role: role ?? member.role, disabledAt: disabledAt(member, isDisabled, context.now()) }
    await updateStanding(tx, id, next)
    if (next.disabledAt) await deleteSessions(tx, id)
    const before = { role: member.role, isDisabled: member.disabledAt !== null }
    const after = { role: next.role, isDisabled: next.disabledAt !== null }
    await recordChange(tx, context, { action: 'member.change', subject: member.name, actor, before, after })
    return id
  })
}

function disabledAt(member: Member, isDisabled: boolean | undefined, now: Date): Date | null {
  if (isDisabled === undefined) return member.disabledAt
  return isDisabled ? (member.disabledAt ?? now) : null
}
