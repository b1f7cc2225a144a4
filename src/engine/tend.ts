import { storeTending, type Lease } from '../store/operation-leases.ts'
import type { Engine } from './engine.ts'
import { contextFor } from './run-step.ts'

const secondsAfterTrouble = 5

/**
 * An Operation that stands still owns its Instance all the same, for days if need be, and nobody else may touch the nodes: so it
 * looks after them itself. Its position and its words stay as they are.
 */
export async function tend<W>(engine: Engine<W>, lease: Lease): Promise<void> {
  const { operation } = lease
  const notes = { ...operation.notes }
  const seconds = await engine.registry
    .find(operation.kind)
    ?.tend?.(contextFor(engine, { lease, notes }))
    .catch((thrown: unknown) => {
      engine.log.unexpected(`tending ${operation.id}`, thrown)
      return secondsAfterTrouble
    })
  const tendAt = typeof seconds === 'number' ? new Date(engine.now().getTime() + seconds * 1000) : null
  await storeTending(engine.db, lease, { notes, tendAt })
}
