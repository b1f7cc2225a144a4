import type { InstanceId } from '../../domain/id.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import { defineRoute } from '../route.ts'
import { nodeView, NodeShape } from '../views/node.ts'
import { listOf, wholeView } from '../views/shapes.ts'

export const listNodesRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/nodes',
  summary: 'The nodes of an Instance as they were last seen',
  permission: 'instance:read',
  answers: { 200: listOf(NodeShape) },

  async handle({ world, params }) {
    const nodes = await readNodes(world, params.instanceId as InstanceId)
    return { status: 200, body: wholeView(nodes.map(nodeView)) }
  },
})
