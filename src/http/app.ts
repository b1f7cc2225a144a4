import { Hono, type Context, type Next } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { AppError } from '../domain/errors.ts'
import { openEventFeed } from '../services/events/event-feed.ts'
import { authenticate } from './authenticate.ts'
import { answerError } from './errors.ts'
import { makeMetrics } from './metrics.ts'
import { wrongMethod } from './methods.ts'
import { mountPublic } from './public.ts'
import { apiRoot, mountRoute, type ApiApp } from './route.ts'
import { routes } from './routes.ts'
import { refuseCrossOrigin } from './same-origin.ts'
import { readStaticConsole } from './static-console.ts'
import type { HttpWorld } from './world.ts'

/** The whole HTTP side in the order of its guards: id, origin, public paths, session, routes, console. */
export type HttpApp = { hono: ApiApp; close(): Promise<void> }

export function makeHttpApp(world: HttpWorld): HttpApp {
  const hono: ApiApp = new Hono()
  const metrics = makeMetrics(world)
  const feed = openEventFeed({ ...world, onTrouble: (thrown) => world.log.warn({ thrown }, 'event feed') })

  hono.onError((thrown, c) => answerError(c, world, thrown))
  hono.use(giveRequestId(world))
  hono.use(secureHeaders(headers))
  hono.use(metrics.observe)
  hono.use(async (c, next) => {
    refuseCrossOrigin(c)
    await next()
  })

  mountPublic(hono, world, metrics)
  hono.use(`${apiRoot}/*`, async (c, next) => {
    c.set('caller', await authenticate(c, world))
    await next()
  })
  for (const route of routes) mountRoute(hono, { ...world, feed }, route)

  const console = readStaticConsole(world.consoleDirectory)
  hono.all('*', (c) => {
    const refused = wrongMethod(c, routes)
    if (refused) return refused
    const answer =
      c.req.path.startsWith('/api/') || !['GET', 'HEAD'].includes(c.req.method) ? undefined : console.answer(c)
    if (answer) return answer
    throw new AppError('not-found', 'Request.NoSuchPath', `There is nothing at ${c.req.path}.`)
  })
  return { hono, close: () => feed.close() }
}

/** Before everything that can fail, so that every answer carries it. */
const giveRequestId = (world: HttpWorld) => async (c: Context, next: Next) => {
  c.header('X-Request-Id', Buffer.from(world.random(9)).toString('base64url'))
  await next()
}

const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  // Millrace itself speaks plain HTTP; a proxy that adds TLS adds this header too.
  strictTransportSecurity: false,
}
