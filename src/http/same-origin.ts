import type { Context } from 'hono'
import { AppError } from '../domain/errors.ts'

/**
 * A page of another site must not change anything in the name of whoever is signed in here. A browser says where a request
 * comes from; a program such as curl says nothing, and carries no cookie that it was not given on purpose.
 */
export function refuseCrossOrigin(c: Context): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const isForeign =
    origin === undefined
      ? site !== undefined && site !== 'same-origin' && site !== 'none'
      : hostOf(origin) !== c.req.header('host')
  if (isForeign) {
    throw new AppError('forbidden', 'Session.CrossOrigin', 'Changes are taken from this Millrace’s own pages only.')
  }
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)
