import { AppError } from '../../domain/errors.ts'
import { memberIdFrom, type MemberId } from '../../domain/id.ts'
import { accountNameProblem } from '../../domain/names.ts'
import type { Actor, Role } from '../../domain/permission.ts'
import { insertMember } from '../../store/members.ts'
import { changeOnce, type Once, type ServiceContext } from '../context.ts'
import { recordChange } from '../audit/record-change.ts'
import { makeOncePassword } from './once-password.ts'

export type Invitation = { name: string; role: Role; actor: Actor; once: Once | undefined }

/** `password` is for the first request alone: a repeat cannot be told it. */
export type Invited = { id: MemberId; password: string | null; isRepeat: boolean }

/** Throws `conflict` (`Member.NameTaken`). */
export async function inviteMember(context: ServiceContext, invitation: Invitation): Promise<Invited> {
  const { name, role, actor, once } = invitation
  const problem = accountNameProblem(name)
  if (problem) {
    throw new AppError('invalid', 'Member.Invalid', problem, { fields: [{ path: 'name', message: problem }] })
  }
  const now = context.now()
  const { password, passwordHash, until } = await makeOncePassword(context.random, now)
  const { resultId, isRepeat } = await changeOnce(context.db, once, async (tx) => {
    const id = memberIdFrom(context.random(16))
    const member = { id, name, role, passwordHash, mustChangePassword: true, createdAt: now, passwordUntil: until }
    if (!(await insertMember(tx, member))) {
      throw new AppError('conflict', 'Member.NameTaken', `There is a member named "${name}" already.`)
    }
    await recordChange(tx, context, { action: 'member.invite', subject: name, actor, after: { role } })
    return id
  })
  return { id: resultId as MemberId, password: isRepeat ? null : password, isRepeat }
}
