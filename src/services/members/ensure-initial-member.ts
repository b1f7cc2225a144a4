import { memberIdFrom } from '../../domain/id.ts'
import type { Database } from '../../store/database.ts'
import { countMembers, insertMember } from '../../store/members.ts'
import { hashPassword } from './password.ts'

export type InitialMember = {
  name: string
  /** Undefined: a random one is made, to be changed at the first sign-in. */
  password: string | undefined
  now: Date
  random(bytes: number): Uint8Array
}

/** Makes the first administrator where there is no member yet. Answers a password that it made up: show it once. */
export async function ensureInitialMember(db: Database, initial: InitialMember): Promise<string | undefined> {
  if ((await countMembers(db)) > 0) return undefined
  const generated = initial.password === undefined ? Buffer.from(initial.random(12)).toString('base64url') : undefined
  const passwordHash = await hashPassword(initial.password ?? generated!)
  const member = {
    id: memberIdFrom(initial.random(16)),
    name: initial.name,
    passwordHash,
    role: 'administrator' as const,
    mustChangePassword: generated !== undefined,
    createdAt: initial.now,
    passwordUntil: null,
  }
  return (await insertMember(db, member)) ? generated : undefined
}
