import { memberIdFrom } from '../../domain/id.ts'
import { millraceItself } from '../../domain/permission.ts'
import type { Database } from '../../store/database.ts'
import { countMembers, insertMember } from '../../store/members.ts'
import { recordChange } from '../audit/record-change.ts'
import { hashPassword } from './password.ts'

export type InitialMember = {
  environmentId: string
  name: string
  /** Undefined: a random one is made, to be changed at the first sign-in. */
  password: string | undefined
  now: Date
  random(bytes: number): Uint8Array
}

/** Makes the first administrator where there is no member yet. Answers a password that it made up: show it once. */
export async function ensureInitialMember(db: Database, initial: InitialMember): Promise<string | undefined> {
  if ((await countMembers(db)) > 0) return undefined
  const { environmentId, name, password, now, random } = initial
  const generated = password === undefined ? Buffer.from(random(12)).toString('base64url') : undefined
  const passwordHash = await hashPassword(password ?? generated!)
  const member = {
    id: memberIdFrom(random(16)),
    name,
    passwordHash,
    role: 'administrator' as const,
    mustChangePassword: generated !== undefined,
    createdAt: now,
    passwordUntil: null,
  }
  return await db.transaction().execute(async (tx) => {
    if (!(await insertMember(tx, member))) return undefined
    const record = { action: 'member.create', subject: name, actor: millraceItself, after: { role: member.role } }
    await recordChange(tx, { environmentId, now: () => now }, record)
    return generated
  })
}
