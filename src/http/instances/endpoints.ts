import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readAuthority, readEndpoints, type Endpoint } from '../../services/security/read-endpoints.ts'
import { defineRoute } from '../route.ts'
import { listOf, Time, wholeView } from '../views/shapes.ts'

const EndpointShape = z
  .object({
    displayName: z.string(),
    networkType: z.string(),
    protocol: z.string(),
    mechanisms: z.string().openapi({ description: 'Empty where clients do not sign in' }),
    bootstrapServers: z.string(),
    name: z.string().openapi({ description: 'The listener, in Kafka’s settings' }),
    configurations: z
      .object({ java: z.string(), librdkafka: z.string(), python: z.string(), node: z.string() })
      .openapi({ description: 'What a client is configured with, ready to paste, without secrets' }),
    certificateEndsAt: Time.nullable().openapi({ description: 'Of a certificate of your own' }),
    warning: z.string().nullable().openapi({ description: 'What is to be done about it' }),
  })
  .openapi('Endpoint')

export const listEndpointsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/endpoints',
  summary: 'Where Kafka clients connect, and with what',
  permission: 'instance:read',
  answers: { 200: listOf(EndpointShape) },

  async handle({ world, params }) {
    const endpoints = await readEndpoints(world, params.instanceId as InstanceId)
    return { status: 200, body: wholeView(endpoints.map(endpointView)) }
  },
})

const displayNames: Record<Endpoint['listener']['name'], string> = {
  PLAINTEXT: 'Clients',
  SSL: 'Clients over TLS',
  SASL_PLAINTEXT: 'Users',
  SASL_SSL: 'Users over TLS',
  MTLS: 'Clients with certificates',
}

const endpointView = ({
  listener,
  certificateEndsAt,
  mechanisms,
  bootstrapServers,
  configurations,
  warning,
}: Endpoint) => ({
  displayName: displayNames[listener.name],
  networkType: 'VPC',
  protocol: listener.protocol,
  mechanisms: mechanisms.join(','),
  bootstrapServers,
  name: listener.name,
  configurations,
  certificateEndsAt: certificateEndsAt?.toISOString() ?? null,
  warning,
})

const authorityMediaType = 'application/x-pem-file'

export const getAuthorityRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/certificate-authority',
  summary: 'The certificate by which clients know the listeners, as PEM',
  permission: 'instance:read',
  answers: { 200: z.string() },
  mediaType: authorityMediaType,

  async handle({ world, params }) {
    const pem = await readAuthority(world, params.instanceId as InstanceId)
    return new Response(pem, {
      headers: { 'Content-Type': authorityMediaType, 'Content-Disposition': 'attachment; filename="ca.pem"' },
    })
  },
})
