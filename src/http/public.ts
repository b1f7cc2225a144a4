import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import { AppError } from '../domain/errors.ts'
import { checkDatabase } from '../services/monitoring/read-counts.ts'
import { makeSignInThrottle } from '../services/members/sign-in-throttle.ts'
import { authenticate, sourceOf, type Caller } from './authenticate.ts'
import type { Metrics } from './metrics.ts'
import { apiDocument } from './openapi.ts'
import { Credentials, signInHandler } from './members/sign-in.ts'
import { SignedInShape } from './members/shapes.ts'
import { apiRoot } from './route.ts'
import type { HttpWorld } from './world.ts'

/** All that answers without a session. This list only shrinks: everything else goes through `route.ts`. */
export const publicPaths = [
  `POST ${apiRoot}/sessions`,
  'GET /healthz',
  'GET /readyz',
  'GET /openapi.json',
  'GET /metrics',
] as const

type App = OpenAPIHono<{ Variables: { caller: Caller } }>

export function mountPublic(app: App, world: HttpWorld, metrics: Metrics): void {
  const throttle = makeSignInThrottle()
  app.post(`${apiRoot}/sessions`, (c) => signInHandler(c, world, throttle))
  describeSignIn(app)

  /** The process lives. */
  app.get('/healthz', (c) => c.json({ status: 'ok' }))

  /** It can serve: the database answers, and it is not stopping. */
  app.get('/readyz', async (c) => {
    if (!world.isWorking()) throw new AppError('unavailable', 'Millrace.Stopping', 'This Millrace is stopping.')
    await checkDatabase(world)
    return c.json({ status: 'ok' })
  })

  let document: object | undefined
  app.get('/openapi.json', (c) => c.json((document ??= apiDocument(app))))

  /** Open to this machine, where Prometheus has no session; from elsewhere a session is needed. */
  app.get('/metrics', async (c) => {
    const isHere = /^(127\.|::1$|::ffff:127\.|in-process)/.test(sourceOf(c)) && !c.req.header('x-forwarded-for')
    if (!isHere) await authenticate(c, world)
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
  })
}

function describeSignIn(app: App): void {
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: `${apiRoot}/sessions`,
    summary: 'Sign in; sets the session cookie',
    'x-permission': 'public',
    security: [],
    request: { body: { required: true, ...json(Credentials) } },
    responses: {
      201: { description: 'Signed in', ...json(SignedInShape) },
      default: { $ref: '#/components/responses/Error' },
    },
  })
}
