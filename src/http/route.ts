import type { Hono } from 'hono'
import type { z } from 'zod'
import type { Permission } from '../domain/permission.ts'
import type { Caller } from './caller.ts'
import { onceFrom } from './idempotency.ts'
import type { Once } from '../services/context.ts'
import { permit, refuseReplay } from './permit.ts'
import { parseBody, readBody, readParams, readQuery } from './read-request.ts'
import type { ServedWorld } from './world.ts'

/**
 * One route: its contract and what it does. The permission is no option: `signed-in` means any member, and what is open to
 * everybody is not mounted here but listed in `public.ts`.
 */
export type Route<Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As in the API document: `/operations/{operationId}:cancel`; below `/api/v1`. */
  path: string
  summary: string
  permission: Permission | 'signed-in'
  /** May a member use it whose password must be changed first? */
  openBeforePasswordChange?: boolean
  /**
   * May one signature ask for the same change again at once? Only where a repeat ends as the first did, or is refused for what the
   * first made, and no secret is answered. Left out: it may not.
   */
  mayRepeat?(body: z.output<B>): boolean
  /** Parameters of the path that hold names people chose, of any characters; all others are ids. */
  names?: readonly string[]
  query?: Q
  body?: B
  /** Each success status with the shape of its body; null: no body. */
  answers: Record<number, z.ZodType | null>
  /** Of the body; JSON unless said. */
  mediaType?: string
  /** A Response is sent as it is. */
  handle(asked: Asked<z.output<Q>, z.output<B>>): Promise<Answer | Response>
}

export type Asked<Q, B> = {
  world: ServedWorld
  /** For its headers, and to hear when the caller goes away. The body is read already. */
  request: Request
  params: Record<string, string>
  query: Q
  body: B
  caller: Caller
  /** Set when the caller sent an Idempotency-Key. */
  once: Once | undefined
}

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

export const defineRoute = <Q extends z.ZodType, B extends z.ZodType>(route: Route<Q, B>): Route<Q, B> => route

/** As the list of routes holds them. */
// oxlint-disable-next-line typescript/no-explicit-any -- query and body differ for every route; the list never touches them.
export type AnyRoute = Route<any, any>

export const apiRoot = '/api/v1'

/** `route` is the path of the route that answers, for who counts. */
export type ApiVariables = { Variables: { caller: Caller; route?: string } }

export type ApiApp = Hono<ApiVariables>

export function mountRoute(app: ApiApp, world: ServedWorld, route: AnyRoute): void {
  app.on(route.method.toUpperCase(), honoPath(route), async (c) => {
    const caller = c.get('caller')
    c.set('route', apiRoot + route.path)
    const { permission, openBeforePasswordChange = false } = route
    const params = paramsOf(route.path, c.req.param())
    await permit(caller, { permission, openBeforePasswordChange, params }, world)
    const isChange = route.method !== 'get'
    const text = isChange ? await readBody(c) : ''
    const asked: Asked<unknown, unknown> = {
      world,
      request: c.req.raw,
      params: readParams(params, route.names),
      query: readQuery(route.query, c.req.queries()),
      body: route.body && parseBody(route.body, text),
      caller,
      once: onceFrom(c, text, { caller, world }),
    }
    const { query, once } = asked
    if (isChange) {
      const mayRepeat = route.mayRepeat?.(asked.body) ?? false
      asked.once = await refuseReplay(caller, { isDryRun: isDryRun(query), once, mayRepeat }, world)
    }
    const answer = await route.handle(asked)
    if (answer instanceof Response) return answer
    const { status, body, headers } = answer
    if (body === undefined) return c.body(null, status as 204, headers)
    return c.json(body as object, status as 200, headers)
  })
}

const isDryRun = (query: unknown): boolean => (query as { dryRun?: boolean } | undefined)?.dryRun === true

/** An id never holds a colon, so `{operationId}` and `{operationId}:cancel` are told apart. A name may. */
export const partPattern = (param: string, { names = [] }: Pick<AnyRoute, 'names'>): string =>
  names.includes(param) ? '[^/]+' : '[^/:]+'

/** As the router takes it. */
const honoPath = (route: AnyRoute): string =>
  apiRoot +
  route.path.replace(
    /\{(\w+)\}(:\w+)?/g,
    (_, param: string, verb = '') => `:${param}{${partPattern(param, route)}${verb}}`,
  )

function paramsOf(path: string, given: Record<string, string>): Record<string, string> {
  const verb = /\}(:\w+)$/.exec(path)?.[1] ?? ''
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      verb && value.endsWith(verb) ? value.slice(0, -verb.length) : value,
    ]),
  )
}
