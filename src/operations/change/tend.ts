import type { Op } from '../world.ts'
import { letMovesGo } from './moves.ts'
import { lookAt, reviveAsItWas } from './scene.ts'

/** What a change does while it stands still: nodes that die come back, and no copy is slowed. */
export async function tend(op: Op): Promise<number | null> {
  const scene = await lookAt(op)
  const ailing = await reviveAsItWas(op, scene)
  await letMovesGo(op, scene)
  return ailing?.kind === 'wait' ? ailing.seconds : null
}
