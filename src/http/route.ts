import type { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { roleGrants, type Permission } from '../domain/permission.ts'
import type { Caller } from './authenticate.ts'
import { onceFrom } from './idempotency.ts'
import type { Once } from '../services/context.ts'
import { parseBody, readBody, readQuery } from './read-request.ts'
import type { HttpWorld } from './world.ts'

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
  query?: Q
  body?: B
  /** Each success status with the shape of its body; null: no body. */
  answers: Record<number, z.ZodType | null>
  handle(asked: Asked<z.output<Q>, z.output<B>>): Promise<Answer>
}

export type Asked<Q, B> = {
  world: HttpWorld
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

export function mountRoute(
  app: OpenAPIHono<{ Variables: { caller: Caller } }>,
  world: HttpWorld,
  route: AnyRoute,
): void {
  describe(app, route)
  app.on(route.method.toUpperCase(), honoPath(route.path), async (c) => {
    const caller = c.get('caller')
    refuseUnpermitted(route, caller)
    const text = route.method === 'get' ? '' : await readBody(c)
    const asked = {
      world,
      params: paramsOf(route.path, c.req.param()),
      query: readQuery(route.query, c.req.queries()),
      body: route.body && parseBody(route.body, text),
      caller,
      once: onceFrom(c, caller.actor.name, text, world.now()),
    }
    const { status, body, headers } = await route.handle(asked)
    if (body === undefined) return c.body(null, status as 204, headers)
    return c.json(body as object, status as 200, headers)
  })
}

function refuseUnpermitted(route: AnyRoute, { member, actor }: Caller): void {
  if (member.mustChangePassword && !route.openBeforePasswordChange) {
    throw new AppError('forbidden', 'Member.MustChangePassword', 'Choose a password of your own first.')
  }
  if (route.permission === 'signed-in' || roleGrants(actor.role, route.permission)) return
  const message = `Your role does not include the permission ${route.permission}.`
  throw new AppError('forbidden', 'Member.NotPermitted', message)
}

/** `{operationId}:cancel` becomes a parameter with a pattern: a router reads a bare colon as the start of a name. */
const honoPath = (path: string): string =>
  apiRoot +
  path.replace(/\{(\w+)\}(:\w+)?/g, (_, name: string, verb?: string) => (verb ? `:${name}{[^/:]+${verb}}` : `:${name}`))

function paramsOf(path: string, given: Record<string, string>): Record<string, string> {
  const verb = /\}(:\w+)$/.exec(path)?.[1] ?? ''
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      verb && value.endsWith(verb) ? value.slice(0, -verb.length) : value,
    ]),
  )
}

function describe(app: OpenAPIHono<{ Variables: { caller: Caller } }>, route: AnyRoute): void {
  const responses = Object.entries(route.answers).map(([status, schema]) => [
    status,
    { description: route.summary, ...(schema && { content: { 'application/json': { schema } } }) },
  ])
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const headers = ['post', 'patch'].includes(route.method) ? [idempotencyHeader] : []
  app.openAPIRegistry.registerPath({
    method: route.method,
    path: apiRoot + route.path,
    summary: route.summary,
    'x-permission': route.permission,
    parameters: [
      ...names.map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' as const } })),
      ...headers,
    ],
    request: {
      ...(route.query && { query: route.query }),
      ...(route.body && { body: { required: true, content: { 'application/json': { schema: route.body } } } }),
    },
    responses: { ...Object.fromEntries(responses), default: { $ref: '#/components/responses/Error' } },
  })
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'Of requests with the same key, only the first changes anything; the others are answered with what it made.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 200 },
}
