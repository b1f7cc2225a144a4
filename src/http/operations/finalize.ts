import type { OperationId } from '../../domain/id.ts'
import type { Operation } from '../../domain/operation.ts'
import { control } from '../../services/operations/control.ts'
import { readOperation } from '../../services/operations/read-operations.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { mayFinalize } from '../views/change-progress.ts'
import { operationView, OperationShape } from '../views/operation.ts'

/** The person's word that an upgrade waits for: there is no way back after it. */
export const finalizeOperationRoute = defineRoute({
  method: 'post',
  path: '/operations/{operationId}:finalize',
  summary: 'Make the new version of an upgrade final',
  permission: 'operation:control',
  answers: { 200: OperationShape },

  async handle({ world, params, caller, once }) {
    const operationId = params.operationId as OperationId
    const { registry } = world
    const whyNot = (operation: Operation) => mayFinalize(operation).why ?? null
    const said = { action: 'resume', isConfirmed: true, whyNot } as const
    const { isRepeat } = await control(world, { operationId, actor: caller.actor, once, registry, ...said })
    const body = operationView(world, await readOperation(world, operationId))
    return { status: 200, body, headers: repeatHeader(isRepeat) }
  },
})
