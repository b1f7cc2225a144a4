import { z } from '@hono/zod-openapi'
import { readMembers } from '../../services/members/read-members.ts'
import { defineRoute } from '../route.ts'
import { listOf, pageView, pagingQuery } from '../views/shapes.ts'
import { memberAccountView, MemberAccountShape } from './shapes.ts'

export const listMembersRoute = defineRoute({
  method: 'get',
  path: '/members',
  summary: 'List members by name',
  permission: 'member:manage',
  query: z.strictObject(pagingQuery),
  answers: { 200: listOf(MemberAccountShape) },

  async handle({ world, query }) {
    const { total, list } = await readMembers(world, query)
    return { status: 200, body: pageView(query, total, list.map(memberAccountView)) }
  },
})
