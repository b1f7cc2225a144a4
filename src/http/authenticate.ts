import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { AppError } from '../domain/errors.ts'
import type { Actor } from '../domain/permission.ts'
import { hashToken, sessionLongestMs } from '../services/members/sign-in.ts'
import { findCaller } from '../services/members/find-caller.ts'
import type { Member } from '../services/context.ts'
import type { HttpWorld } from './world.ts'

/** Who asks. Every route below `/api/v1` but signing in has one. */
export type Caller = { member: Member; actor: Actor; tokenHash: string }

const cookieName = 'millrace_session'

/** Throws `unauthenticated` (`Session.Missing`). */
export async function authenticate(c: Context, world: HttpWorld): Promise<Caller> {
  const token = getCookie(c, cookieName)
  const tokenHash = token === undefined ? undefined : hashToken(token)
  const member = tokenHash && (await findCaller(world.db, tokenHash, world.now()))
  if (!member)
    throw new AppError('unauthenticated', 'Session.Missing', 'Sign in first: the session is missing or has ended.')
  return { member, actor: { name: member.name, role: member.role, source: sourceOf(c) }, tokenHash }
}

/** The address that the connection comes from. Forwarded headers are anybody's word, so they do not count. */
export function sourceOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    // In-process requests have no connection.
    return 'in-process'
  }
}

export function giveCookie(c: Context, token: string): void {
  // A proxy says that it speaks TLS; who says so falsely only keeps the cookie from himself.
  const secure = c.req.header('x-forwarded-proto') === 'https'
  setCookie(c, cookieName, token, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure,
    maxAge: sessionLongestMs / 1000,
  })
}
