import type { OperationId } from '../../domain/id.ts'
import type { OperationAction } from '../../domain/operation.ts'
import type { Actor } from '../../domain/permission.ts'
import { controlOperation } from '../../engine/control-operation.ts'
import type { Registry } from '../../engine/registry.ts'
import { changeOnce, type Once, type OnceResult, type ServiceContext } from '../context.ts'

export type Control<W> = {
  operationId: OperationId
  action: OperationAction
  actor: Actor
  once: Once | undefined
  registry: Registry<W>
}

/** Pauses, resumes, cancels or retries. Throws `conflict` (`Operation.NotAllowed`) with the reason. */
export async function control<W>(context: ServiceContext, { once, ...request }: Control<W>): Promise<OnceResult> {
  return await changeOnce(context.db, once, async (tx) => {
    await controlOperation(tx, { ...request, now: context.now() })
    return request.operationId
  })
}
