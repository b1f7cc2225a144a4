import type { InstanceId } from '../../domain/id.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { defineRoute } from '../route.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'

export const getInstanceRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}',
  summary: 'Get an Instance',
  permission: 'instance:read',
  answers: { 200: InstanceShape },

  async handle({ world, params }) {
    const reading = await readInstance(world, params.instanceId as InstanceId)
    return { status: 200, body: instanceView(world, reading) }
  },
})
