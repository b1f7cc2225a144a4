import { z } from '@hono/zod-openapi'
import { changePassword } from '../../services/members/change-password.ts'
import { memberOf } from '../caller.ts'
import { defineRoute } from '../route.ts'

export const changePasswordRoute = defineRoute({
  method: 'put',
  path: '/members/current/password',
  summary: 'Choose a new password; ends every other session',
  permission: 'signed-in',
  openBeforePasswordChange: true,
  body: z.strictObject({
    currentPassword: z.string('The current password is a text.').max(1024),
    newPassword: z.string('The new password is a text.').max(1024),
  }),
  answers: { 204: null },

  async handle({ world, body, caller }) {
    const { member, tokenHash, actor } = memberOf(caller)
    const { environmentId } = world
    await changePassword(world.db, { environmentId, member, tokenHash, actor, now: world.now(), ...body })
    return { status: 204 }
  },
})
