import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** A request as it came over the wire, before anything normalised it. In-process requests have no wire: their URL stands for it. */
export function rawTargetOf(c: Context): { method: string; path: string; query: string } {
  const { pathname, search } = new URL(c.req.url)
  const target = (c.env as Partial<HttpBindings> | undefined)?.incoming?.url ?? pathname + search
  const end = target.indexOf('?')
  const [path, query] = end === -1 ? [target, ''] : [target.slice(0, end), target.slice(end + 1)]
  return { method: c.req.method, path, query }
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
