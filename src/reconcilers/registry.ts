import type { Round } from '../engine/define-reconciler.ts'
import type { EngineLog } from '../engine/engine.ts'
import { startReconciler, type ReconcilerDriver } from '../engine/reconciler-driver.ts'
import type { World } from '../operations/world.ts'
import { makeHealNodes } from './heal-nodes.ts'
import { measureInstances } from './measure-instances.ts'
import { observeInstances } from './observe-instances.ts'
import { pruneHistory } from './prune-history.ts'

/** Starts every standing duty of this product. */
export function startReconcilers(round: Round<World>, log: EngineLog): ReconcilerDriver {
  const drivers = [
    startReconciler(observeInstances, round, log),
    startReconciler(measureInstances, round, log),
    startReconciler(makeHealNodes(), round, log),
    startReconciler(pruneHistory, round, log),
  ]
  return { stop: async () => void (await Promise.all(drivers.map((driver) => driver.stop()))) }
}
