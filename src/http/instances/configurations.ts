import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'

export const listConfigurationsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/configurations',
  summary: 'The Kafka settings that this Instance was given',
  permission: 'instance:read',
  answers: { 200: listOf(z.object({ key: z.string(), value: z.string() }).openapi('Configuration')) },

  async handle({ world, params }) {
    const { instance } = await readInstance(world, params.instanceId as InstanceId)
    return { status: 200, body: wholeView(instance.features.instanceConfigs ?? []) }
  },
})
