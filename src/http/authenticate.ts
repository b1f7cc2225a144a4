import { isDeepStrictEqual } from 'node:util'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { AppError } from '../domain/errors.ts'
import { wholeEnvironment } from '../domain/service-account.ts'
import { hashToken, sessionLongestMs } from '../services/members/sign-in.ts'
import { findCaller, hasSession } from '../services/members/find-caller.ts'
import { findSigner } from '../services/service-accounts/find-signer.ts'
import type { Caller } from './caller.ts'
import { sourceOf } from './raw-request.ts'
import { isSigned, verifySigned } from './signature.ts'
import type { HttpWorld } from './world.ts'

const cookieName = 'millrace_session'

/**
 * By a signature where there is one, else by the session. Throws `unauthenticated`, or `forbidden` (`Environment.Unknown`): never
 * not-found, which would let Terraform take what is elsewhere for gone.
 */
export async function authenticate(c: Context, world: HttpWorld): Promise<Caller> {
  const authorization = c.req.header('authorization')
  const caller = isSigned(authorization) ? await verifySigned(c, world, authorization) : await memberOfSession(c, world)
  const environmentId = c.req.header('x-automq-environment-id')
  if (environmentId === undefined || environmentId === world.environmentId) return caller
  const message = `This Millrace does not serve the environment of X-Automq-Environment-Id. Its own is ${world.environmentId}.`
  throw new AppError('forbidden', 'Environment.Unknown', message)
}

/** Of an answer that goes on for long: has the session ended, or the key, or may it touch other Instances now? */
export async function isStillCaller(caller: Caller, world: HttpWorld): Promise<boolean> {
  if (caller.kind === 'member') return await hasSession(world.db, caller.tokenHash, world.now())
  const signer = await findSigner(world, caller.signed.accessKey)
  return !!signer && isDeepStrictEqual(signer.account.instanceIds, caller.account.instanceIds)
}

async function memberOfSession(c: Context, world: HttpWorld): Promise<Caller> {
  const token = getCookie(c, cookieName)
  const tokenHash = token === undefined ? undefined : hashToken(token)
  const member = tokenHash && (await findCaller(world.db, tokenHash, world.now()))
  if (!member)
    throw new AppError('unauthenticated', 'Session.Missing', 'Sign in first: the session is missing or has ended.')
  const actor = { name: member.name, role: member.role, source: sourceOf(c) }
  return { kind: 'member', member, actor, tokenHash, scope: wholeEnvironment }
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
