import type { Context } from 'hono'
import { AppError } from '../domain/errors.ts'
import type { Once } from '../services/context.ts'
import type { Caller } from './caller.ts'
import type { ServedWorld } from './world.ts'

/** The caller's Idempotency-Key with what it stands for; nothing when none was sent. Only POST and PATCH take one. */
export function onceFrom(c: Context, body: string, { caller, world }: Asking): Once | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || !['POST', 'PATCH'].includes(c.req.method)) return undefined
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    const message = 'An Idempotency-Key has 1 to 200 visible characters without spaces, for example a UUID.'
    throw new AppError('invalid', 'Idempotency.BadKey', message)
  }
  const { pathname, search } = new URL(c.req.url)
  const requestMarks = world.secrets.marksOf(`${c.req.method} ${pathname}${search}\n${body}`)
  return { actor: caller.actor.name, key, requestMarks, now: world.now() }
}

type Asking = { caller: Caller; world: Pick<ServedWorld, 'secrets' | 'now'> }

export const repeatHeader = (isRepeat: boolean): Record<string, string> =>
  isRepeat ? { 'Idempotency-Replayed': 'true' } : {}
