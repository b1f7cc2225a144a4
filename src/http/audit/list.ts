import { z } from '@hono/zod-openapi'
import { readAudit } from '../../services/audit/read-audit.ts'
import { defineRoute } from '../route.ts'
import { listOf, pageView, pagingQuery } from '../views/shapes.ts'
import { auditEventView, AuditEventShape, auditFilter, questionFrom } from './shape.ts'

export const listAuditRoute = defineRoute({
  method: 'get',
  path: '/audit-events',
  summary: 'Who did what, from where, newest first',
  permission: 'audit:read',
  query: z.strictObject({ ...pagingQuery, ...auditFilter }),
  answers: { 200: listOf(AuditEventShape) },

  async handle({ world, query }) {
    const { total, list } = await readAudit(world, { ...questionFrom(query), page: query.page, size: query.size })
    return { status: 200, body: pageView(query, total, list.map(auditEventView)) }
  },
})
