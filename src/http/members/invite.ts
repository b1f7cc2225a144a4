import { z } from '@hono/zod-openapi'
import { inviteMember } from '../../services/members/invite-member.ts'
import { readMember } from '../../services/members/read-members.ts'
import { repeatHeader } from '../idempotency.ts'
import { apiRoot, defineRoute } from '../route.ts'
import { InvitedShape, memberAccountView, RoleShape } from './shapes.ts'

const NewMember = z
  .strictObject({ name: z.string('The name is a text.'), role: RoleShape }, 'The body is a JSON object.')
  .openapi('NewMember')

export const inviteMemberRoute = defineRoute({
  method: 'post',
  path: '/members',
  summary: 'Invite a member; the answer has the one-time password',
  permission: 'member:manage',
  body: NewMember,
  answers: { 201: InvitedShape },

  async handle({ world, body, caller, once }) {
    const { id, password, isRepeat } = await inviteMember(world, { ...body, actor: caller.actor, once })
    const answer = { member: memberAccountView(await readMember(world, id)), oneTimePassword: password }
    return {
      status: 201,
      body: answer,
      headers: { Location: `${apiRoot}/members/${id}`, 'Cache-Control': 'no-store', ...repeatHeader(isRepeat) },
    }
  },
})
