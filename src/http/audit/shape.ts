import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import type { AuditEvent, AuditQuestion } from '../../services/audit/read-audit.ts'
import { Time } from '../views/shapes.ts'

export const AuditEventShape = z
  .object({
    id: z.number().int(),
    createdAt: Time,
    actor: z.string().openapi({ description: 'A member, service-account/<name>, or millrace itself' }),
    source: z.string().nullable().openapi({ description: 'Address that the request came from' }),
    action: z.string().openapi({ description: 'As instance.create' }),
    subject: z.string().nullable().openapi({ description: 'Whom or what it was done to, where that is no Instance' }),
    instanceId: z.string().nullable(),
    instanceName: z.string().nullable(),
    operationId: z.string().nullable(),
    before: z.unknown().openapi({ description: 'How it was; null where that was not written down' }),
    after: z.unknown().openapi({ description: 'How it was asked to be' }),
  })
  .openapi('AuditEvent')

export type AuditEventView = z.input<typeof AuditEventShape>

/** As every change writes it down; one that says nothing more than that it was made has none. */
type Parts = { subject?: string; before?: unknown; after?: unknown }

export function auditEventView(event: AuditEvent): AuditEventView {
  const { id, createdAt, actor, source, action, instanceId, instanceName, operationId } = event
  const { subject = null, before = null, after = null } = (event.detail ?? {}) as Parts
  const about = { instanceId, instanceName, operationId }
  return { id, createdAt: createdAt.toISOString(), actor, source, action, subject, ...about, before, after }
}

const moment = z.iso
  .datetime({ offset: true, error: 'A moment is written as 2026-01-02T03:04:05Z.' })
  .transform((text) => new Date(text))
  .openapi({ type: 'string', format: 'date-time' })

export const auditFilter = {
  actor: z.string().max(256).optional().openapi({ description: 'Part of a name' }),
  action: z.string().max(256).optional().openapi({ description: 'instance.create, or instance for all that begin so' }),
  subject: z
    .string()
    .max(256)
    .optional()
    .openapi({ description: 'Part of what it was done to: of a member, a topic, a user' }),
  instanceId: z.string().max(256).optional(),
  from: moment.optional(),
  to: moment.optional().openapi({ description: 'Before this moment' }),
}

type Filter = { [K in keyof typeof auditFilter]?: z.output<(typeof auditFilter)[K]> | undefined }

export const questionFrom = ({ actor, action, subject, instanceId, from, to }: Filter): AuditQuestion => ({
  actor,
  action,
  subject,
  instanceId: instanceId as InstanceId | undefined,
  from,
  to,
})
