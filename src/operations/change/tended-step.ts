import { isUnavailable } from '../../domain/errors.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { isOnWayBack, waitAtGate } from './gate.ts'
import type { ChangeStep } from './onward.ts'
import { asItWas, lookAt, reviveStopped } from './scene.ts'

type Run = (op: Op) => Promise<Outcome<ChangeStep>>

/** A change that cannot get past one of these stops there, or turns back. */
const gates: ChangeStep[] = [
  'renew-certificates',
  'pick-node',
  'restart-node',
  'await-node',
  'move-authority',
  'add-nodes',
  'await-added',
  'verify',
  'soak',
]

/** Each begins with starting what has stopped, so nothing of it is to be done again when it waits. */
const lookingFirst: ChangeStep[] = ['await-node', 'move-replicas', 'spread-replicas', 'verify', 'soak']

/** Before these are through, nobody has said that the nodes are to be other than they were. */
const beginnings: ChangeStep[] = ['fetch-distribution', 'check', 'turn-back']

/**
 * What all steps of a change share. It owns the Instance, so nobody else may touch the nodes: whatever it waits for, it starts
 * again what has stopped meanwhile. And what cannot be reached is waited for at the gate, with its patience, not for ever.
 */
export function tended(step: ChangeStep, run: Run): Run {
  const revive = async (op: Op) => {
    // It waits for a node that it stopped itself.
    if (step === 'restart-node') return
    await reviveStopped(op, await lookAt(op), beginnings.includes(step) ? asItWas : undefined)
  }
  return async (op) => {
    try {
      const outcome = await run(op)
      if (outcome.kind === 'wait' && !lookingFirst.includes(step)) await revive(op)
      return outcome
    } catch (thrown) {
      if (!isUnavailable(thrown)) throw thrown
      // Its words are the ones to be told, whatever else fails.
      await revive(op).catch(() => {})
      if (gates.includes(step) || isOnWayBack(op)) return waitAtGate(op, step, thrown.message)
      throw thrown
    }
  }
}
