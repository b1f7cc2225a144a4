import type { Selectable } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { MemberId } from '../domain/id.ts'
import type { Role } from '../domain/permission.ts'
import type { Db, Tx } from './database.ts'
import type { Page } from './instance-list.ts'
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
  createdAt: Date
  disabledAt: Date | null
  /** Of a password that was given out for once: until when it is taken. */
  passwordUntil: Date | null
  lastSignedInAt: Date | null
}

export async function findMemberByName(db: Db, name: string): Promise<Member | undefined> {
  const row = await db.selectFrom('members').selectAll().where('name', '=', name).executeTakeFirst()
  return row && memberFrom(row)
}

/** Throws `not-found` (`Member.NotFound`). */
export async function getMember(db: Db, id: MemberId): Promise<Member> {
  const row = await db.selectFrom('members').selectAll().where('id', '=', id).executeTakeFirst()
  if (row) return memberFrom(row)
  throw new AppError('not-found', 'Member.NotFound', `There is no member ${id}.`)
}

/** By name. */
export async function listMembers(db: Db, { page, size }: { page: number; size: number }): Promise<Page<Member>> {
  const total = await countMembers(db)
  const query = db.selectFrom('members').selectAll().orderBy('name').limit(size)
  return { total, list: (await query.offset((page - 1) * size).execute()).map(memberFrom) }
}

/**
 * Those who can still let others in, held against other writers until the transaction ends: of two that take away the last
 * two administrators, one waits here for the other. In one order, so that no two wait for each other.
 */
export async function lockAdministrators(tx: Tx): Promise<MemberId[]> {
  const query = tx.selectFrom('members').select('id').where('role', '=', 'administrator')
  const rows = await query.where('disabled_at', 'is', null).orderBy('id').forUpdate().execute()
  return rows.map(({ id }) => id)
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

export type NewMember = Pick<
  Member,
  'id' | 'name' | 'passwordHash' | 'role' | 'mustChangePassword' | 'createdAt' | 'passwordUntil'
>

/** Nothing happens when the name is there already: of two first starts, one wins. Answers whether this one did. */
export async function insertMember(db: Db, member: NewMember): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('members')
    .values({
      id: member.id,
      name: member.name,
      password_hash: member.passwordHash,
      role: member.role,
      must_change_password: member.mustChangePassword,
      locked_until: null,
      created_at: member.createdAt,
      password_until: member.passwordUntil,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

export async function updatePassword(tx: Tx, id: MemberId, passwordHash: string): Promise<void> {
  const values = { password_hash: passwordHash, must_change_password: false, password_until: null }
  await tx.updateTable('members').set(values).where('id', '=', id).execute()
}

/** A password given out for once, to be changed by whoever uses it until `until`. What was guessed before is forgotten. */
export async function updateOncePassword(
  tx: Tx,
  id: MemberId,
  { passwordHash, until }: { passwordHash: string; until: Date },
): Promise<void> {
  const values = {
    password_hash: passwordHash,
    must_change_password: true,
    password_until: until,
    failed_sign_ins: 0,
    locked_until: null,
  }
  await tx.updateTable('members').set(values).where('id', '=', id).execute()
}

export async function updateStanding(
  tx: Tx,
  id: MemberId,
  { role, disabledAt }: Pick<Member, 'role' | 'disabledAt'>,
): Promise<void> {
  await tx.updateTable('members').set({ role, disabled_at: disabledAt }).where('id', '=', id).execute()
}

/** The sessions go with the member; what was done stays in the audit. */
export async function deleteMember(tx: Tx, id: MemberId): Promise<void> {
  await tx.deleteFrom('members').where('id', '=', id).execute()
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

export async function updateLastSignedIn(db: Db, id: MemberId, now: Date): Promise<void> {
  await db.updateTable('members').set({ last_signed_in_at: now }).where('id', '=', id).execute()
}

export const memberFrom = (row: Selectable<MembersTable>): Member => ({
  id: row.id,
  name: row.name,
  passwordHash: row.password_hash,
  role: row.role as Role,
  mustChangePassword: row.must_change_password,
  failedSignIns: row.failed_sign_ins,
  lockedUntil: row.locked_until,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
  passwordUntil: row.password_until,
  lastSignedInAt: row.last_signed_in_at,
})
