import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Caller } from './authenticate.ts'

/** The API document, made from the routes themselves. */
export function apiDocument(app: OpenAPIHono<{ Variables: { caller: Caller } }>): object {
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'millrace_session',
  })
  app.openAPIRegistry.registerComponent('responses', 'Error', {
    description: 'Refused or failed: what is wrong, and what to do.',
    content: { 'application/json': { schema: errorSchema } },
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Millrace', version: 'v1', description: 'A control plane for whole Apache Kafka clusters.' },
    security: [{ session: [] }],
  })
}

const text = { type: 'string' as const }

const errorSchema = {
  type: 'object' as const,
  required: ['error'],
  properties: {
    error: {
      type: 'object' as const,
      required: ['code', 'message'],
      properties: {
        code: { ...text, examples: ['Instance.NameTaken'] },
        message: text,
        detail: text,
        fields: {
          type: 'array' as const,
          description: 'Each wrong field of the request, with its rule.',
          items: { type: 'object' as const, required: ['path', 'message'], properties: { path: text, message: text } },
        },
      },
    },
  },
}
