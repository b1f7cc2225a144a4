import { z } from '@hono/zod-openapi'
import { readWholeAudit, type AuditEvent } from '../../services/audit/read-audit.ts'
import { defineRoute } from '../route.ts'
import { csvRow } from './csv.ts'
import { auditEventView, AuditEventShape, auditFilter, questionFrom, type AuditEventView } from './shape.ts'

/** The whole audit, or what matches of it, as a file: sent while it is read, so that its size does not matter. */
const columns = Object.keys(AuditEventShape.shape) as (keyof AuditEventView)[]

const formats = {
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: csvRow(columns),
    line: (event: AuditEvent) => {
      const view = auditEventView(event)
      return csvRow(columns.map((column) => view[column]))
    },
  },
  jsonl: {
    mediaType: 'application/x-ndjson',
    head: '',
    line: (event: AuditEvent) => `${JSON.stringify(auditEventView(event))}\n`,
  },
}

export const exportAuditRoutes = (['csv', 'jsonl'] as const).map((ending) => {
  const { mediaType, head, line } = formats[ending]
  return defineRoute({
    method: 'get',
    path: `/audit-events.${ending}`,
    summary: `Who did what, from where, as ${ending === 'csv' ? 'CSV' : 'JSON lines'}`,
    permission: 'audit:read',
    query: z.strictObject(auditFilter),
    answers: { 200: z.string() },
    mediaType,

    async handle({ world, query }) {
      async function* text() {
        yield head
        for await (const events of readWholeAudit(world, questionFrom(query))) yield events.map(line).join('')
      }
      const body = ReadableStream.from(text()).pipeThrough(new TextEncoderStream())
      const headers = {
        'Content-Type': mediaType,
        'Content-Disposition': `attachment; filename="millrace-audit.${ending}"`,
      }
      return new Response(body, { headers })
    },
  })
})
