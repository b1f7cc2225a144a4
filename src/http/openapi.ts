import { OpenAPIHono, type z } from '@hono/zod-openapi'
import { Credentials } from './members/sign-in.ts'
import { SignedInShape } from './members/shapes.ts'
import { apiRoot, type AnyRoute } from './route.ts'
import { routes } from './routes.ts'

/** The API document, made from the routes themselves. Needs no server, no database and no world. */
export function apiDocument(): object {
  // Nothing is mounted on it: it holds the registry that its document is written from.
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'millrace_session' })
  registry.registerComponent('securitySchemes', 'signature', signatureScheme)
  registry.registerComponent('responses', 'Error', {
    description: 'Refused or failed: what is wrong, and what to do.',
    content: { 'application/json': { schema: errorSchema } },
  })
  registry.registerPath(signIn)
  for (const route of routes) registry.registerPath(pathOf(route))
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Millrace', version: 'v1', description: 'A control plane for whole Apache Kafka clusters.' },
    security: [{ session: [] }, { signature: [] }],
  })
}

const signatureScheme = {
  type: 'apiKey' as const,
  in: 'header' as const,
  name: 'Authorization',
  description: 'AUTOMQ-HMAC-SHA256, as docs/api.md says',
}

const errorAnswer = { $ref: '#/components/responses/Error' }

/** A body in words of the document. */
const contentOf = (schema: z.ZodType, mediaType = 'application/json') => ({ content: { [mediaType]: { schema } } })

const signIn = {
  method: 'post' as const,
  path: `${apiRoot}/sessions`,
  summary: 'Sign in; sets the session cookie',
  'x-permission': 'public',
  security: [],
  request: { body: { required: true, ...contentOf(Credentials) } },
  responses: { 201: { description: 'Signed in', ...contentOf(SignedInShape) }, default: errorAnswer },
}

function pathOf(route: AnyRoute) {
  const responses = Object.entries(route.answers).map(([status, schema]) => [
    status,
    { description: route.summary, ...(schema && contentOf(schema, route.mediaType)) },
  ])
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const headers = ['post', 'patch'].includes(route.method) ? [idempotencyHeader] : []
  return {
    method: route.method,
    path: apiRoot + route.path,
    summary: route.summary,
    'x-permission': route.permission,
    parameters: [
      ...names.map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' as const } })),
      ...headers,
    ],
    request: {
      ...(route.query && { query: route.query }),
      ...(route.body && { body: { required: true, ...contentOf(route.body) } }),
    },
    responses: { ...Object.fromEntries(responses), default: errorAnswer },
  }
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'Of requests with the same key, only the first changes anything; the others are answered with what it made.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 200 },
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
        operationId: { ...text, description: 'The Operation in the way, where that is why.' },
        fields: {
          type: 'array' as const,
          description: 'Each wrong field of the request, with its rule.',
          items: { type: 'object' as const, required: ['path', 'message'], properties: { path: text, message: text } },
        },
      },
    },
  },
}
