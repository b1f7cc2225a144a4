import type { Op } from '../world.ts'
import { letMovesGo } from './move-throttle.ts'
import { lookAt, reviveAsItWas } from './scene.ts'

/** What a change does while it stands still: nodes that were seen ailing come back, and no copy is slowed. */
export async function tend(op: Op): Promise<number | null> {
  const scene = await lookAt(op)
  // A change that has just been stopped in a restart may go on at once: its node is not started in between as it was.
  const isSeenAiling = scene.nodes.some(({ health }) => health === 'stopped' || health === 'unreachable')
  const ailing = isSeenAiling ? await reviveAsItWas(op, scene) : undefined
  await letMovesGo(op, scene)
  return ailing?.kind === 'wait' ? ailing.seconds : null
}
