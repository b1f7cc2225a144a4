import { stateByService } from '../domain/health.ts'
import type { Instance } from '../domain/instance.ts'
import type { Round } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import type { Tx } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { findInstance, holdInstance, updateInstanceHealth, updateInstanceState } from '../store/instances.ts'
import { findOpenOperation } from '../store/operations.ts'
import type { Look, Observed } from './look-at-instance.ts'

/**
 * Writes the health that was seen, and the state that follows from it: who cannot serve for half a minute is in Error, with
 * the cause, and by itself in the state it had when it serves. An event only when the health or the state changes.
 */
export async function tellService({ db }: Round<World>, { id, state }: Instance, look: Look): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await holdInstance(tx, id)
    const instance = await findInstance(tx, id)
    // A change that began while this looked makes of its nodes what it wants: what was seen is no news any more.
    if (!instance || instance.state !== state) return
    const { health, reason, canaryProblem, observedAt } = look
    const tell = tellerOf(tx, instance, observedAt)
    await updateInstanceHealth(tx, id, { health, healthReason: reason, canaryProblem, observedAt })
    if (health !== instance.health) await tell('instance.health', words(look))
    await moveState(tx, { instance, look, tell })
  })
}

const words = ({ health, reason }: Look) => (reason ? `Health: ${health}, ${reason}` : `Health: ${health}`)

/** Whether the look may change the state; the rows say it for certain. */
export function mayMoveState({ instance, operation }: Pick<Observed, 'instance' | 'operation'>, look: Look): boolean {
  const { state, downSince } = instance
  return stateByService({ state, downSince: downSinceOf(downSince, look), open: operation }, look.observedAt) !== null
}

const downSinceOf = (before: Date | null, { health, observedAt }: Look): Date | null =>
  health === 'down' ? (before ?? observedAt) : null

type Seen = { instance: Instance; look: Look; tell(kind: string, message: string): Promise<void> }

async function moveState(tx: Tx, { instance, look, tell }: Seen): Promise<void> {
  const { observedAt: now } = look
  const downSince = downSinceOf(instance.downSince, look)
  const open = await findOpenOperation(tx, instance.id)
  const becomes = stateByService({ state: instance.state, downSince, open }, now)
  const reason = `The Instance cannot serve: ${look.reason ?? 'no node answers'}.`
  if (becomes === 'Error') {
    await updateInstanceState(tx, instance.id, { state: 'Error', reason, now })
    await tell('instance.error', `Service Exception. ${reason}`)
  } else if (becomes) {
    await updateInstanceState(tx, instance.id, { state: becomes, reason: null, now })
    if (!downSince) await tell('instance.running', 'The Instance serves again.')
  } else if (instance.state === 'Error' && downSince && open?.outcome !== 'failed' && instance.stateReason !== reason) {
    await updateInstanceState(tx, instance.id, { state: 'Error', reason, now })
  }
}

const tellerOf =
  (tx: Tx, { environmentId, id: instanceId }: Instance, createdAt: Date) =>
  (kind: string, message: string) =>
    insertEvent(tx, { environmentId, instanceId, operationId: null, kind, message, createdAt })
