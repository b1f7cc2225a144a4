import type { Round } from '../engine/define-reconciler.ts'
import type { EngineLog } from '../engine/engine.ts'
import { startReconciler, type ReconcilerDriver } from '../engine/reconciler-driver.ts'
import type { World } from '../operations/world.ts'
import type { SecretBox } from '../store/secret-box.ts'
import { makeHealNodes } from './heal-nodes.ts'
import { makeMeasureInstances } from './measure-instances.ts'
import { observeInstances } from './observe-instances.ts'
import { pruneHistory } from './prune-history.ts'
import { makeSendMetrics } from './send-metrics.ts'
import { watchCertificates } from './watch-certificates.ts'

/** With what only those need that send on. */
export type Duties = Round<World> & { secrets: SecretBox }

/** Starts every standing duty of this product. */
export function startReconcilers({ secrets, ...round }: Duties, log: EngineLog): ReconcilerDriver {
  const drivers = [
    startReconciler(observeInstances, round, log),
    startReconciler(makeMeasureInstances(), round, log),
    startReconciler(makeHealNodes(), round, log),
    startReconciler(makeSendMetrics({ secrets }), round, log),
    startReconciler(watchCertificates, round, log),
    startReconciler(pruneHistory, round, log),
  ]
  return { stop: async () => void (await Promise.all(drivers.map((driver) => driver.stop()))) }
}
