import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { withoutSecrets } from '../../domain/kafka-settings.ts'
import { roleGrants } from '../../domain/permission.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'

export const listConfigurationsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/configurations',
  summary: 'The Kafka settings that this Instance was given',
  permission: 'instance:read',
  answers: { 200: listOf(z.object({ key: z.string(), value: z.string() }).openapi('Configuration')) },

  async handle({ world, params, caller }) {
    const { instance } = await readInstance(world, params.instanceId as InstanceId)
    const { instanceConfigs = [] } = instance.features
    // Who may set them needs them whole, to send them all again; nobody else sees what may be a secret.
    const maySet = roleGrants(caller.actor.role, 'instance:update')
    return { status: 200, body: wholeView(maySet ? instanceConfigs : withoutSecrets(instanceConfigs)) }
  },
})
