import { changeKinds } from '../domain/change.ts'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import { millraceItself } from '../domain/permission.ts'
import { defineReconciler, type Reconciler, type Round } from '../engine/define-reconciler.ts'
import { startOperation } from '../engine/start-operation.ts'
import { healInstance } from '../operations/heal-instance.ts'
import { usualHungAfterMs } from '../operations/restart-hung.ts'
import type { World } from '../operations/world.ts'
import { listInstancesToHeal } from '../store/healing.ts'
import { notifyWorkers, requestTending } from '../store/operation-leases.ts'

/** An Instance with a node that has stopped or hangs, and no Operation that owns it, is healed: after a reboot, a death. */
type Ailing = { id: InstanceId }

export type HealOptions = {
  /** A node that should answer and has not for so long hangs. */
  hungAfterMs?: number
}

/** Begins what is to be healed and was not begun at once, when the node was seen to have stopped. */
export function makeHealNodes({ hungAfterMs = usualHungAfterMs }: HealOptions = {}): Reconciler<World, Ailing> {
  return defineReconciler<World, Ailing>({
    name: 'heal-nodes',
    everySeconds: 3,
    limitSeconds: 10,

    async subjects(round) {
      const query = queryFor(round, hungAfterMs)
      await tendStanding(round, query.silentBefore)
      const ids = await listInstancesToHeal(round.db, query)
      return ids.map((id) => ({ id }))
    },

    async reconcile(round, { id }) {
      await startHealing(round, id, { hungAfterMs })
    },
  })
}

/** Heals the Instance now, if it is to be healed: what may be is asked of the rows, as in every round. */
export async function healAtOnce(round: Round<World>, id: InstanceId): Promise<void> {
  const query = { ...queryFor(round, usualHungAfterMs), among: [id] }
  await tendStanding(round, query.silentBefore)
  if ((await listInstancesToHeal(round.db, query)).length > 0) await startHealing(round, id, {})
}

/** Where a change stands still, or a healing has failed, nothing else may begin: it looks after its nodes itself. */
async function tendStanding({ db, now }: Round<World>, silentBefore: Date): Promise<void> {
  const query = { kinds: [...changeKinds, healInstance.kind], silentBefore, now: now() }
  await db.transaction().execute(async (tx) => {
    if ((await requestTending(tx, query)) > 0) await notifyWorkers(tx)
  })
}

/** Who cancels a healing has this long to delete the Instance, or to mend what made its nodes stop, before the next. */
const respectCancelMs = 10 * 60_000

const queryFor = ({ environmentId, now }: Round<World>, hungAfterMs: number) => ({
  environmentId,
  healKind: healInstance.kind,
  cancelledAfter: new Date(now().getTime() - respectCancelMs),
  silentBefore: new Date(now().getTime() - hungAfterMs),
})

async function startHealing(
  { db, environmentId, now, random }: Round<World>,
  instanceId: InstanceId,
  input: HealOptions,
): Promise<void> {
  const request = { environmentId, instanceId, input, context: {}, actor: millraceItself, now: now(), random }
  try {
    await db.transaction().execute((tx) => startOperation(tx, healInstance, request))
  } catch (thrown) {
    // Somebody's own change came first: it owns the Instance now.
    if (!(thrown instanceof AppError && ['conflict', 'not-found'].includes(thrown.kind))) throw thrown
  }
}
