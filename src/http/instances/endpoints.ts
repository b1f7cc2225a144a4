import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'

const EndpointShape = z
  .object({
    displayName: z.string(),
    networkType: z.string(),
    protocol: z.string(),
    mechanisms: z.string().openapi({ description: 'Empty where clients do not sign in' }),
    bootstrapServers: z.string(),
  })
  .openapi('Endpoint')

export const listEndpointsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/endpoints',
  summary: 'Where Kafka clients connect',
  permission: 'instance:read',
  answers: { 200: listOf(EndpointShape) },

  async handle({ world, params }) {
    const nodes = await readNodes(world, params.instanceId as InstanceId)
    // The first three stand for the life of the Instance, so the address stays as it is whatever is scaled.
    const bootstrapServers = nodes
      .filter((node) => node.roles.includes('controller'))
      .map((node) => `${node.address}:${node.port}`)
      .join(',')
    const endpoint = {
      displayName: 'Clients',
      networkType: 'VPC',
      protocol: 'PLAINTEXT',
      mechanisms: '',
      bootstrapServers,
    }
    return { status: 200, body: wholeView([endpoint]) }
  },
})
