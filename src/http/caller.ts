import { AppError } from '../domain/errors.ts'
import type { Actor } from '../domain/permission.ts'
import type { InstanceScope, ServiceAccount } from '../domain/service-account.ts'
import type { Member } from '../services/context.ts'

/** Who asks. Every route below `/api/v1` but signing in has one. */
export type Caller = MemberCaller | ServiceAccountCaller

type AnyCaller = {
  actor: Actor
  /** The Instances that the caller may touch. */
  scope: InstanceScope
}

export type MemberCaller = AnyCaller & { kind: 'member'; member: Member; tokenHash: string }

export type ServiceAccountCaller = AnyCaller & { kind: 'service-account'; account: ServiceAccount; signed: Signed }

/** What the caller's signature is good for. */
export type Signed = {
  accessKey: string
  signature: string
  signedAt: Date
  /** The end of the clock tolerance: it is no signature any more. */
  until: Date
  /** Names in small letters. What is not among them, anybody could have added on the way. */
  headers: readonly string[]
}

/** For routes that are about the session itself. */
export function memberOf(caller: Caller): MemberCaller {
  if (caller.kind === 'member') return caller
  const message = 'This is about the session of a member. A service account signs each request and has none.'
  throw new AppError('forbidden', 'ServiceAccount.NoSession', message)
}
