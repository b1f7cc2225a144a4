import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { AppError } from '../domain/errors.ts'
import { actorNameOf, scopeOf } from '../domain/service-account.ts'
import { algorithm, momentOf, ownScope, signatureOf } from '../domain/signature.ts'
import { findSigner, noteUse } from '../services/service-accounts/find-signer.ts'
import type { ServiceAccountCaller } from './caller.ts'
import { readBodyBytes } from './read-request.ts'
import { rawTargetOf, sourceOf } from './raw-request.ts'
import type { HttpWorld } from './world.ts'

/**
 * Verifies a signed request: its target and its body as they came over the wire, its clock, and the signature in constant
 * time. An unknown key and a wrong signature are refused in the same words, after the same work.
 */
const toleranceMs = 15 * 60_000

export const isSigned = (authorization: string | undefined): authorization is string =>
  !!authorization?.startsWith(algorithm)

/** Throws `unauthenticated` (`Signature.…`). */
export async function verifySigned(c: Context, world: HttpWorld, authorization: string): Promise<ServiceAccountCaller> {
  const { accessKey, date, headers, signature } = parseAuthorization(authorization)
  const timestamp = c.req.header('x-automq-date') ?? ''
  const signedAt = momentOfSigning(timestamp, { date, now: world.now() })
  refuseUnsignedHeaders(c, headers)

  const signer = await findSigner(world, accessKey)
  const target = rawTargetOf(c)
  const expected = await signatureOf(
    {
      ...target,
      headers: headers.map((name) => [name, c.req.header(name) ?? '']),
      body: await readBodyBytes(c),
    },
    { secretKey: signer?.secretKey ?? nobodysSecret, timestamp },
  )
  const isRight = timingSafeEqual(Buffer.from(signature, 'hex'), Buffer.from(expected, 'hex'))
  if (!signer || !isRight) {
    const message = 'The request is not signed with a key that is known here: check the access key and the secret key.'
    // Most often a proxy has changed one of the two.
    const detail = `Here this is ${target.method} ${target.path} to the host ${c.req.header('host') ?? 'of no name'}.`
    throw refused('Signature.Invalid', message, detail)
  }
  await noteUse(world, accessKey, signer.lastUsedAt)
  const { account } = signer
  return {
    kind: 'service-account',
    account,
    actor: { name: actorNameOf(account), role: account.role, source: sourceOf(c) },
    scope: scopeOf(account),
    signed: { accessKey, signature, signedAt, until: new Date(signedAt.getTime() + toleranceMs), headers },
  }
}

const nobodysSecret = 'nobody has this secret'

const refused = (code: string, message: string, detail?: string) =>
  new AppError('unauthenticated', code, message, detail === undefined ? {} : { detail })

type Credentials = { accessKey: string; date: string; headers: string[]; signature: string }

const form =
  /^AUTOMQ-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/cmp_request, SignedHeaders=([a-z0-9;_-]+), Signature=([0-9a-f]{64})$/

function parseAuthorization(authorization: string): Credentials {
  const [, accessKey, date, region, service, names, signature] = form.exec(authorization) ?? []
  if (!accessKey || !date || !names || !signature || region !== ownScope.region || service !== ownScope.service) {
    const scope = `<yyyyMMdd>/${ownScope.region}/${ownScope.service}/cmp_request`
    const message = `Authorization must be: ${algorithm} Credential=<access key>/${scope}, SignedHeaders=<a;b>, Signature=<64 hex>.`
    throw refused('Signature.Malformed', message)
  }
  return { accessKey, date, headers: names.split(';'), signature }
}

/** Throws where the request is not good yet, or no more. */
function momentOfSigning(timestamp: string, { date, now }: { date: string; now: Date }): Date {
  const moment = momentOf(timestamp)
  if (!moment || !timestamp.startsWith(date)) {
    throw refused('Signature.Malformed', 'X-Automq-Date must be a moment of the credential’s day, as 20260102T030405Z.')
  }
  if (Math.abs(now.getTime() - moment.getTime()) > toleranceMs) {
    const message = `The request was signed at ${moment.toISOString()}; the clock here says ${now.toISOString()}. They may differ by 15 minutes.`
    throw refused('Signature.ClockSkew', message)
  }
  return moment
}

/** What decides who is meant, when and where must not be open to change on the way. */
function refuseUnsignedHeaders(c: Context, signed: string[]): void {
  const needed = [
    'host',
    'x-automq-date',
    'x-automq-environment-id',
    ...(c.req.header('content-type') ? ['content-type'] : []),
  ]
  const missing = needed.filter((name) => !signed.includes(name))
  if (missing.length > 0) throw refused('Signature.Incomplete', `These headers must be signed: ${missing.join(', ')}.`)
}
