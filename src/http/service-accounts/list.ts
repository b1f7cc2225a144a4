import { z } from '@hono/zod-openapi'
import { readServiceAccounts } from '../../services/service-accounts/read-service-accounts.ts'
import { defineRoute } from '../route.ts'
import { listOf, pageView, pagingQuery } from '../views/shapes.ts'
import { serviceAccountView, ServiceAccountShape } from './shapes.ts'

export const listServiceAccountsRoute = defineRoute({
  method: 'get',
  path: '/service-accounts',
  summary: 'List service accounts by name',
  permission: 'service-account:manage',
  query: z.strictObject(pagingQuery),
  answers: { 200: listOf(ServiceAccountShape) },

  async handle({ world, query }) {
    const { total, list } = await readServiceAccounts(world, query)
    return { status: 200, body: pageView(query, total, list.map(serviceAccountView)) }
  },
})
