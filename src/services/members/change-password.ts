import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Database } from '../../store/database.ts'
import { updatePassword, updateSignIns, type Member } from '../../store/members.ts'
import { deleteOtherSessions } from '../../store/sessions.ts'
import { takeAttempt } from './account-attempts.ts'
import { hashPassword, isPassword, passwordProblem } from './password.ts'

export type PasswordChange = {
  environmentId: string
  member: Member
  tokenHash: string
  currentPassword: string
  newPassword: string
  actor: Actor
  now: Date
}

/** Ends every other session of the member: whoever knew the old password is out. */
export async function changePassword(db: Database, change: PasswordChange): Promise<void> {
  const { member, currentPassword, newPassword, tokenHash, actor, now, environmentId } = change
  await takeAttempt(db, member.name, now)
  if (!(await isPassword(currentPassword, member.passwordHash))) {
    throw refusal('currentPassword', 'The current password is not right.')
  }
  await updateSignIns(db, member.id, { failedSignIns: 0, lockedUntil: null })
  const problem = passwordProblem(newPassword)
  if (problem) throw refusal('newPassword', problem)
  if (newPassword === currentPassword)
    throw refusal('newPassword', 'The new password must differ from the current one.')

  const passwordHash = await hashPassword(newPassword)
  await db.transaction().execute(async (tx) => {
    await updatePassword(tx, member.id, passwordHash)
    await deleteOtherSessions(tx, member.id, tokenHash)
    const about = { environmentId, instanceId: null, operationId: null }
    await insertAuditEvent(tx, { ...about, action: 'member.change-password', actor, createdAt: now })
  })
}

const refusal = (path: string, message: string) =>
  new AppError('invalid', 'Member.PasswordRefused', message, { fields: [{ path, message }] })
