import { defineReconciler } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { deleteEventsBefore } from '../store/events.ts'
import { deleteExpired } from '../store/expiry.ts'
import { deleteMinutesBefore } from '../store/instance-minutes.ts'
import { deleteOrphanedDeliveries } from '../store/metrics-deliveries.ts'

/**
 * A day of minutes serves the charts. Events serve live pages and the Activity tab for a month; idempotency keys are kept for a
 * day, sessions until they end.
 */
const keepEventsMs = 30 * 24 * 3600_000
const keepKeysMs = 24 * 3600_000
const keepMinutesMs = 24 * 3600_000

export const pruneHistory = defineReconciler<World, { id: string }>({
  name: 'prune-history',
  everySeconds: 600,
  limitSeconds: 60,

  subjects: async ({ environmentId }) => [{ id: environmentId }],

  async reconcile({ db, now }) {
    const at = now().getTime()
    await deleteEventsBefore(db, new Date(at - keepEventsMs))
    await deleteMinutesBefore(db, new Date(at - keepMinutesMs))
    await deleteOrphanedDeliveries(db)
    await deleteExpired(db, { sessionsBefore: new Date(at), keysBefore: new Date(at - keepKeysMs) })
  },
})
