import { signOut } from '../../services/members/sign-out.ts'
import { memberOf } from '../caller.ts'
import { defineRoute } from '../route.ts'
import { signedInView, SignedInShape } from './shapes.ts'

export const getSessionRoute = defineRoute({
  method: 'get',
  path: '/sessions/current',
  summary: 'Who is signed in',
  permission: 'signed-in',
  openBeforePasswordChange: true,
  answers: { 200: SignedInShape },
  handle: async ({ caller }) => ({ status: 200, body: signedInView(memberOf(caller).member) }),
})

/** The cookie stays with the browser but opens nothing any more: the session is gone on the server. */
export const endSessionRoutes = ['/sessions', '/sessions/current'].map((path) =>
  defineRoute({
    method: 'delete',
    path,
    summary: 'Sign out',
    permission: 'signed-in',
    openBeforePasswordChange: true,
    answers: { 204: null },

    async handle({ world, caller }) {
      const { environmentId } = world
      const { tokenHash, actor } = memberOf(caller)
      await signOut(world.db, { environmentId, tokenHash, actor, now: world.now() })
      return {
        status: 204,
        headers: { 'Set-Cookie': 'millrace_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict' },
      }
    },
  }),
)
