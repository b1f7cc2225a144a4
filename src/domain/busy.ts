import { AppError } from './errors.ts'
import { instanceCan, type InstanceAction, type InstanceState } from './instance.ts'
import type { Operation } from './operation.ts'

/** The 409 of a busy Instance, naming the Operation in the way. */
export function busy(why: string, open: Operation | undefined): AppError {
  if (!open) return new AppError('conflict', 'Instance.NotRunning', why)
  const message = `${why} In the way: Operation ${open.id} (${open.kind}, at step ${open.step}).`
  return new AppError('conflict', 'Instance.Busy', message, { detail: open.id })
}

export function refuseUnlessCan(action: InstanceAction, state: InstanceState, open: Operation | undefined): void {
  const answer = instanceCan(action, state, open)
  if (!answer.allowed) throw busy(answer.why, open)
}
