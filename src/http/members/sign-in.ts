import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { signIn } from '../../services/members/sign-in.ts'
import type { SignInThrottle } from '../../services/members/sign-in-throttle.ts'
import { giveCookie } from '../authenticate.ts'
import { sourceOf } from '../raw-request.ts'
import { parseBody, readBody } from '../read-request.ts'
import type { HttpWorld } from '../world.ts'
import { signedInView } from './shapes.ts'

export const Credentials = z
  .strictObject({
    user: z.string('The user is a name.').max(256),
    password: z.string('The password is a text.').max(1024),
  })
  .openapi('Credentials')

/** The one change that needs no caller: it makes one. */
export async function signInHandler(c: Context, world: HttpWorld, throttle: SignInThrottle): Promise<Response> {
  const { user, password } = parseBody(Credentials, await readBody(c))
  const request = { user, password, source: sourceOf(c), now: world.now(), random: world.random }
  const { member, token } = await signIn(world, throttle, request)
  giveCookie(c, token)
  return c.json(signedInView(member), 201)
}
