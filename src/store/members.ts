import type { Selectable } from 'kysely'
import type { MemberId } from '../domain/id.ts'
import type { Role } from '../domain/permission.ts'
import type { Db, Tx } from './database.ts'
import type { MembersTable } from './tables.ts'

/** People who sign in. The hash is of the password's; see `services/members/password.ts`. */
export type Member = {
  id: MemberId
  name: string
  passwordHash: string
  role: Role
  mustChangePassword: boolean
  failedSignIns: number
  lockedUntil: Date | null
}

export async function findMemberByName(db: Db, name: string): Promise<Member | undefined> {
  const row = await db.selectFrom('members').selectAll().where('name', '=', name).executeTakeFirst()
  return row && memberFrom(row)
}

/** The member, held against other writers until the transaction ends. */
export async function lockMember(tx: Tx, name: string): Promise<Member> {
  const row = await tx.selectFrom('members').selectAll().where('name', '=', name).forUpdate().executeTakeFirstOrThrow()
  return memberFrom(row)
}

export async function countMembers(db: Db): Promise<number> {
  const row = await db
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** Nothing happens when the name is there already: of two first starts, one wins. Answers whether this one did. */
export async function insertMember(db: Db, member: Member, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('members')
    .values({
      id: member.id,
      name: member.name,
      password_hash: member.passwordHash,
      role: member.role,
      must_change_password: member.mustChangePassword,
      locked_until: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

export async function updatePassword(tx: Tx, id: MemberId, passwordHash: string): Promise<void> {
  const values = { password_hash: passwordHash, must_change_password: false }
  await tx.updateTable('members').set(values).where('id', '=', id).execute()
}

/** Attempts since the last success, and until when the account takes no more of them. */
export async function updateSignIns(
  db: Db,
  id: MemberId,
  { failedSignIns, lockedUntil }: Pick<Member, 'failedSignIns' | 'lockedUntil'>,
): Promise<void> {
  const values = { failed_sign_ins: failedSignIns, locked_until: lockedUntil }
  await db.updateTable('members').set(values).where('id', '=', id).execute()
}

export const memberFrom = (row: Selectable<MembersTable>): Member => ({
  id: row.id,
  name: row.name,
  passwordHash: row.password_hash,
  role: row.role as Role,
  mustChangePassword: row.must_change_password,
  failedSignIns: row.failed_sign_ins,
  lockedUntil: row.locked_until,
})
