import { getMember, updateOncePassword } from '../../store/members.ts'
import { deleteSessions } from '../../store/sessions.ts'
import { changeOnce, type ServiceContext } from '../context.ts'
import type { Invited } from './invite-member.ts'
import { recordChange } from '../audit/record-change.ts'
import type { MemberRequest } from './member-change.ts'
import { makeOncePassword } from './once-password.ts'

/** A new password to sign in with once, and the end of every session: whoever knew the old one is out. */
export async function resetPassword(context: ServiceContext, { id, actor, once }: MemberRequest): Promise<Invited> {
  const { password, ...sealed } = await makeOncePassword(context.random, context.now())
  const { isRepeat } = await changeOnce(context.db, once, async (tx) => {
    const { name } = await getMember(tx, id)
    await updateOncePassword(tx, id, sealed)
    await deleteSessions(tx, id)
    await recordChange(tx, context, { action: 'member.reset-password', subject: name, actor })
    return id
  })
  return { id, password: isRepeat ? null : password, isRepeat }
}
