import type { Context } from 'hono'
import { apiRoot, partPattern, type AnyRoute } from './route.ts'

/** For a path that is there, asked with a method that it does not take: 405 with those that it does. */
export function wrongMethod(c: Context, routes: readonly AnyRoute[]): Response | undefined {
  const here = routes.filter((route) => isAt(route, c.req.path)).map(({ method }) => method.toUpperCase())
  const open = openPaths.filter(({ path }) => path === c.req.path).map(({ method }) => method)
  const taken = [...new Set([...here, ...open])]
  if (taken.length === 0 || taken.includes(c.req.method)) return undefined
  const message = `${c.req.path} takes ${taken.join(', ')}, not ${c.req.method}.`
  return c.json({ error: { code: 'Request.WrongMethod', message } }, 405, { Allow: taken.join(', ') })
}

const openPaths = [
  { path: `${apiRoot}/sessions`, method: 'POST' },
  ...['/healthz', '/readyz', '/openapi.json', '/metrics'].map((path) => ({ path, method: 'GET' })),
]

const isAt = (route: AnyRoute, asked: string): boolean =>
  new RegExp(`^${(apiRoot + route.path).replace(/\{(\w+)\}/g, (_, param: string) => partPattern(param, route))}$`).test(
    asked,
  )
