import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { operationStatuses } from '../../domain/operation.ts'
import { readOperations } from '../../services/operations/read-operations.ts'
import { defineRoute } from '../route.ts'
import { operationView, OperationShape } from '../views/operation.ts'
import { listOf, pageView, pagingQuery, severalOf } from '../views/shapes.ts'

export const listOperationsRoute = defineRoute({
  method: 'get',
  path: '/operations',
  summary: 'List Operations, newest first',
  permission: 'instance:read',
  query: z.strictObject({
    ...pagingQuery,
    instanceId: z.string().optional(),
    kind: z.string().optional(),
    state: severalOf(operationStatuses).optional(),
  }),
  answers: { 200: listOf(OperationShape) },

  async handle({ world, query, caller }) {
    const { page, size, kind, state } = query
    const instanceId = query.instanceId as InstanceId | undefined
    const { only } = caller.scope
    const { total, list } = await readOperations(world, { page, size, kind, instanceId, statuses: state, only })
    return {
      status: 200,
      body: pageView(
        query,
        total,
        list.map((reading) => operationView(world, reading)),
      ),
    }
  },
})
