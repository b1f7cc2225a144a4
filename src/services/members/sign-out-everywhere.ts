import { getMember } from '../../store/members.ts'
import { deleteSessions } from '../../store/sessions.ts'
import { changeOnce, type OnceResult, type ServiceContext } from '../context.ts'
import { recordChange } from '../audit/record-change.ts'
import type { MemberRequest } from './member-change.ts'

/** Ends every session of a member, in every browser. */
export async function signOutEverywhere(context: ServiceContext, request: MemberRequest): Promise<OnceResult> {
  const { id, actor, once } = request
  return await changeOnce(context.db, once, async (tx) => {
    const { name } = await getMember(tx, id)
    await deleteSessions(tx, id)
    await recordChange(tx, context, { action: 'member.sign-out', subject: name, actor })
    return id
  })
}
