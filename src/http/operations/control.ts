import type { OperationId } from '../../domain/id.ts'
import { operationActions, type OperationAction } from '../../domain/operation.ts'
import { control } from '../../services/operations/control.ts'
import { readOperation } from '../../services/operations/read-operations.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { operationView, OperationShape } from '../views/operation.ts'

const summaries: Record<OperationAction, string> = {
  pause: 'Pause an Operation at the next safe point',
  resume: 'Let a paused Operation go on',
  cancel: 'Cancel an Operation; it converges to a safe end',
  retry: 'Take a failed Operation up again where it stopped',
}

/** `:pause`, `:resume`, `:cancel`, `:retry`. */
export const controlOperationRoutes = operationActions.map((action) =>
  defineRoute({
    method: 'post',
    path: `/operations/{operationId}:${action}`,
    summary: summaries[action],
    permission: 'operation:control',
    answers: { 200: OperationShape },

    async handle({ world, params, caller, once }) {
      const operationId = params.operationId as OperationId
      const { registry } = world
      const { isRepeat } = await control(world, { operationId, action, actor: caller.actor, once, registry })
      const body = operationView(world, await readOperation(world, operationId))
      return { status: 200, body, headers: repeatHeader(isRepeat) }
    },
  }),
)
