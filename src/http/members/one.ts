import { z } from '@hono/zod-openapi'
import type { MemberId } from '../../domain/id.ts'
import { changeMember } from '../../services/members/change-member.ts'
import { readMember } from '../../services/members/read-members.ts'
import { removeMember } from '../../services/members/remove-member.ts'
import { resetPassword } from '../../services/members/reset-password.ts'
import { signOutEverywhere } from '../../services/members/sign-out-everywhere.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type AnyRoute } from '../route.ts'
import { InvitedShape, memberAccountView, MemberAccountShape, RoleShape } from './shapes.ts'

/** What administrators do with one member. */
const path = '/members/{memberId}'
const permission = 'member:manage'

const ChangedMember = z
  .strictObject(
    { role: RoleShape.optional(), isDisabled: z.boolean('isDisabled is true or false.').optional() },
    'The body is a JSON object.',
  )
  .openapi('ChangedMember')

const get = defineRoute({
  method: 'get',
  path,
  summary: 'Get a member',
  permission,
  answers: { 200: MemberAccountShape },
  handle: async ({ world, params }) => ({
    status: 200,
    body: memberAccountView(await readMember(world, params.memberId as MemberId)),
  }),
})

const change = defineRoute({
  method: 'patch',
  path,
  summary: 'Change a member’s role, disable or enable a member',
  permission,
  body: ChangedMember,
  answers: { 200: MemberAccountShape },
  async handle({ world, params, body, caller, once }) {
    const id = params.memberId as MemberId
    const { isRepeat } = await changeMember(world, { id, ...body, actor: caller.actor, once })
    return { status: 200, body: memberAccountView(await readMember(world, id)), headers: repeatHeader(isRepeat) }
  },
})

const reset = defineRoute({
  method: 'post',
  path: `${path}:reset`,
  summary: 'Give a member a new one-time password; ends every session of the member',
  permission,
  answers: { 200: InvitedShape },
  async handle({ world, params, caller, once }) {
    const id = params.memberId as MemberId
    const { password, isRepeat } = await resetPassword(world, { id, actor: caller.actor, once })
    const answer = { member: memberAccountView(await readMember(world, id)), oneTimePassword: password }
    return { status: 200, body: answer, headers: { 'Cache-Control': 'no-store', ...repeatHeader(isRepeat) } }
  },
})

const signOut = defineRoute({
  method: 'post',
  path: `${path}:signOut`,
  summary: 'End every session of a member',
  permission,
  answers: { 200: MemberAccountShape },
  async handle({ world, params, caller, once }) {
    const id = params.memberId as MemberId
    const { isRepeat } = await signOutEverywhere(world, { id, actor: caller.actor, once })
    return { status: 200, body: memberAccountView(await readMember(world, id)), headers: repeatHeader(isRepeat) }
  },
})

const remove = defineRoute({
  method: 'delete',
  path,
  summary: 'Delete a member; what the member did stays in the audit',
  permission,
  answers: { 204: null },
  async handle({ world, params, caller }) {
    await removeMember(world, { id: params.memberId as MemberId, actor: caller.actor })
    return { status: 204 }
  },
})

export const memberRoutes: readonly AnyRoute[] = [get, change, reset, signOut, remove]
