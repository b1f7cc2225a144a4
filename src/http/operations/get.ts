import type { OperationId } from '../../domain/id.ts'
import { readOperation } from '../../services/operations/read-operations.ts'
import { defineRoute } from '../route.ts'
import { operationView, OperationShape } from '../views/operation.ts'

export const getOperationRoute = defineRoute({
  method: 'get',
  path: '/operations/{operationId}',
  summary: 'Get an Operation with its steps',
  permission: 'instance:read',
  answers: { 200: OperationShape },

  async handle({ world, params }) {
    return { status: 200, body: operationView(world, await readOperation(world, params.operationId as OperationId)) }
  },
})
