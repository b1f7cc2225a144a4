import { AppError } from '../domain/errors.ts'
import { checkDatabase } from '../services/monitoring/read-counts.ts'
import { makeSignInThrottle } from '../services/members/sign-in-throttle.ts'
import { authenticate } from './authenticate.ts'
import type { Metrics } from './metrics.ts'
import { apiDocument } from './openapi.ts'
import { signInHandler } from './members/sign-in.ts'
import { permit, refuseKeptToSome } from './permit.ts'
import { sourceOf } from './raw-request.ts'
import { apiRoot, type ApiApp } from './route.ts'
import type { HttpWorld } from './world.ts'

/** All that answers without a session. This list only shrinks: everything else goes through `route.ts`. */
export const publicPaths = [
  `POST ${apiRoot}/sessions`,
  'GET /healthz',
  'GET /readyz',
  'GET /openapi.json',
  'GET /metrics',
] as const

export function mountPublic(app: ApiApp, world: HttpWorld, metrics: Metrics): void {
  const throttle = makeSignInThrottle()
  app.post(`${apiRoot}/sessions`, (c) => signInHandler(c, world, throttle))

  /** The process lives. */
  app.get('/healthz', (c) => c.json({ status: 'ok' }))

  /** It can serve: the database answers, and it is not stopping. */
  app.get('/readyz', async (c) => {
    if (!world.isWorking()) throw new AppError('unavailable', 'Millrace.Stopping', 'This Millrace is stopping.')
    await checkDatabase(world)
    return c.json({ status: 'ok' })
  })

  let document: object | undefined
  app.get('/openapi.json', (c) => c.json((document ??= apiDocument())))

  /**
   * Open to this machine, where Prometheus has no session; from elsewhere only to who may know of every Instance. What a proxy
   * on this machine passes on comes from elsewhere.
   */
  app.get('/metrics', async (c) => {
    const isPassedOn = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => c.req.header(name))
    const isHere = /^(127\.|::1$|::ffff:127\.|in-process)/.test(sourceOf(c)) && !isPassedOn
    if (!isHere) {
      const caller = await authenticate(c, world)
      await permit(caller, { permission: 'instance:read', openBeforePasswordChange: false, params: {} }, world)
      refuseKeptToSome(caller)
    }
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
  })
}
