import type { OperationId } from '../../domain/id.ts'
import { AppError } from '../../domain/errors.ts'
import type { Operation, OperationAction } from '../../domain/operation.ts'
import type { Actor } from '../../domain/permission.ts'
import { controlOperation } from '../../engine/control-operation.ts'
import type { Registry } from '../../engine/registry.ts'
import { getOperation } from '../../store/operations.ts'
import { changeOnce, type Once, type OnceResult, type ServiceContext } from '../context.ts'

export type Control<W> = {
  operationId: OperationId
  action: OperationAction
  actor: Actor
  once: Once | undefined
  registry: Registry<W>
  /** See `ControlRequest`. */
  isConfirmed?: boolean
  /** Why it may not be done to this Operation, beside the engine's own reasons; null: it may. */
  whyNot?(operation: Operation): string | null
}

/** Pauses, resumes, cancels or retries. Throws `conflict` (`Operation.NotAllowed`) with the reason. */
export async function control<W>(
  context: ServiceContext,
  { once, whyNot, ...request }: Control<W>,
): Promise<OnceResult> {
  return await changeOnce(context.db, once, async (tx) => {
    const why = whyNot?.(await getOperation(tx, request.operationId))
    if (why) throw new AppError('conflict', 'Operation.NotAllowed', why)
    await controlOperation(tx, { ...request, now: context.now() })
    return request.operationId
  })
}
