import { aboutOperation } from '../domain/operation.ts'
import { insertEvent } from '../store/events.ts'
import { markOverdue, type Lease } from '../store/operation-leases.ts'
import { stepTitle, titleOf } from './define-operation.ts'
import type { Engine } from './engine.ts'

/**
 * Marks a step late whose code hangs, with an event: as long as it does not return, nothing else is stored of it. It is told
 * once, and never ended.
 */
export async function tellLate<W>(engine: Engine<W>, { operation, epoch }: Lease): Promise<void> {
  const now = engine.now()
  if (operation.isOverdue || !operation.deadlineAt || operation.deadlineAt > now) return
  const isTold = await engine.db.transaction().execute(async (tx) => {
    if (!(await markOverdue(tx, operation.id, epoch))) return false
    const definition = engine.registry.find(operation.kind)
    const title = stepTitle(definition, operation.step)
    const message = `${titleOf(definition, operation)}: "${title}" takes longer than it should.`
    await insertEvent(tx, { ...aboutOperation(operation), kind: 'operation.overdue', message, createdAt: now })
    return true
  })
  // What the step's own outcome is judged by, when it comes: it must not tell this again.
  if (isTold) operation.isOverdue = true
}
