import { createHash } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Database } from '../../store/database.ts'
import { findMemberByName, updateLastSignedIn, updateSignIns, type Member } from '../../store/members.ts'
import { insertSession } from '../../store/sessions.ts'
import { takeAttempt } from './account-attempts.ts'
import { hashPassword, isPassword } from './password.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'

/** Twelve hours without use end a session. */
export const sessionIdleMs = 12 * 3600_000
/** However much it is used, it ends after a week. */
export const sessionLongestMs = 7 * 24 * 3600_000

export type SignIn = {
  user: string
  password: string
  /** Address of the caller. */
  source: string
  now: Date
  random(bytes: number): Uint8Array
}

export type SignedIn = { member: Member; token: string; expiresAt: Date }

type SignInContext = { db: Database; environmentId: string }

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Throws `unauthenticated` (`Session.WrongCredentials`), the same for an unknown name and a wrong password, or `TooManyAttempts`. */
export async function signIn(context: SignInContext, throttle: SignInThrottle, request: SignIn): Promise<SignedIn> {
  const { db } = context
  const { user, password, source, now } = request
  throttle.take(fromSource(source), now)
  const member = await findMemberByName(db, user)
  if (member) await takeAttempt(db, member.name, now)
  else throttle.take(asNobody(user), now)

  // An unknown name costs the same work as a known one: the time of an answer tells nothing.
  const isRight = await isPassword(password, member?.passwordHash ?? (await nobodysHash()))
  // Whether somebody is disabled, or took up an invitation too late, is nobody's business who knows the password only.
  const isOver = !!member?.disabledAt || (!!member?.passwordUntil && member.passwordUntil <= now)
  if (!member || !isRight || isOver) {
    if (throttle.mayTell(now)) await recordRefusal(context, member, request)
    throw new AppError('unauthenticated', 'Session.WrongCredentials', 'The name or the password is not right.')
  }
  await updateSignIns(db, member.id, { failedSignIns: 0, lockedUntil: null })
  throttle.forget(fromSource(source))
  return await openSession(context, member, request)
}

/** A name that nobody has is not written down: it may be a password, typed at the wrong place. */
async function recordRefusal({ db, environmentId }: SignInContext, member: Member | undefined, request: SignIn) {
  const { now, source } = request
  const actor = { name: member?.name ?? nobodysName, role: member?.role ?? 'viewer', source }
  const about = { environmentId, instanceId: null, operationId: null }
  await db
    .transaction()
    .execute((tx) => insertAuditEvent(tx, { ...about, action: 'session.refused', actor, createdAt: now }))
}

/** No member can be called so. */
const nobodysName = '(unknown)'

const fromSource = (source: string) => `from ${source}`
const asNobody = (user: string) => `as ${user}`

async function openSession({ db, environmentId }: SignInContext, member: Member, request: SignIn): Promise<SignedIn> {
  const { now, random, source } = request
  const token = Buffer.from(random(32)).toString('base64url')
  const expiresAt = new Date(now.getTime() + sessionIdleMs)
  const actor = { name: member.name, role: member.role, source }
  const about = { environmentId, instanceId: null, operationId: null }
  await db.transaction().execute(async (tx) => {
    await updateLastSignedIn(tx, member.id, now)
    await insertSession(tx, { tokenHash: hashToken(token), memberId: member.id, createdAt: now, expiresAt })
    await insertAuditEvent(tx, { ...about, action: 'session.begin', actor, createdAt: now })
  })
  return { member, token, expiresAt }
}

let nobody: Promise<string> | undefined
const nobodysHash = () => (nobody ??= hashPassword('nobody has this password'))
