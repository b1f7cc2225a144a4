import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { AppError } from '../domain/errors.ts'
import type { Once } from '../services/context.ts'

/** The caller's Idempotency-Key with what it stands for; nothing when none was sent. Only POST and PATCH take one. */
export function onceFrom(c: Context, body: string, { actor, now }: Pick<Once, 'actor' | 'now'>): Once | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || !['POST', 'PATCH'].includes(c.req.method)) return undefined
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    const message = 'An Idempotency-Key has 1 to 200 visible characters without spaces, for example a UUID.'
    throw new AppError('invalid', 'Idempotency.BadKey', message)
  }
  const { pathname, search } = new URL(c.req.url)
  const requestHash = createHash('sha256').update(`${c.req.method} ${pathname}${search}\n${body}`).digest('hex')
  return { actor, key, requestHash, now }
}

export const repeatHeader = (isRepeat: boolean): Record<string, string> =>
  isRepeat ? { 'Idempotency-Replayed': 'true' } : {}
