import { deleteMember } from '../../store/members.ts'
import type { ServiceContext } from '../context.ts'
import { recordChange } from '../audit/record-change.ts'
import { holdDispensable, type MemberRequest } from './member-change.ts'

/** What the member did stays in the audit. */
export async function removeMember(context: ServiceContext, { id, actor }: MemberRequest): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const { name, role } = await holdDispensable(tx, id, () => true)
    await deleteMember(tx, id)
    await recordChange(tx, context, { action: 'member.delete', subject: name, actor, before: { role } })
  })
}
