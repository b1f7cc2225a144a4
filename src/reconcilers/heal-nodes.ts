import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import { millraceItself } from '../domain/permission.ts'
import { defineReconciler } from '../engine/define-reconciler.ts'
import { startOperation } from '../engine/start-operation.ts'
import { healInstance } from '../operations/heal-instance.ts'
import type { World } from '../operations/world.ts'
import { listInstancesToHeal } from '../store/instances.ts'

/** A Running Instance with a stopped node, and no Operation that owns it, is healed: after a reboot, a stop, a death. */
type Ailing = { id: InstanceId }

/** Who cancels a healing has this long to delete the Instance, or to mend what made its nodes stop, before the next. */
const respectCancelMs = 10 * 60_000

export const healNodes = defineReconciler<World, Ailing>({
  name: 'heal-nodes',
  everySeconds: 3,
  limitSeconds: 10,

  async subjects({ db, environmentId, now }) {
    const cancelledAfter = new Date(now().getTime() - respectCancelMs)
    const ids = await listInstancesToHeal(db, { environmentId, healKind: healInstance.kind, cancelledAfter })
    return ids.map((id) => ({ id }))
  },

  async reconcile({ db, environmentId, now, random }, { id }) {
    const request = { environmentId, instanceId: id, input: {}, context: {}, actor: millraceItself, now: now(), random }
    try {
      await db.transaction().execute((tx) => startOperation(tx, healInstance, request))
    } catch (thrown) {
      // Somebody's own change came first: it owns the Instance now.
      if (!(thrown instanceof AppError && ['conflict', 'not-found'].includes(thrown.kind))) throw thrown
    }
  },
})
