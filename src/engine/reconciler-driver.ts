import type { InstanceId } from '../domain/id.ts'
import { takeDuty } from '../store/duties.ts'
import type { Reconciler, Round } from './define-reconciler.ts'
import type { EngineLog } from './engine.ts'

/** Does the rounds of every reconciler. Of several processes on one database, each round is one's. */
export type ReconcilerDriver = { stop(): Promise<void> }

const concurrency = 16

export function startReconcilers<W>(reconcilers: Reconciler<W>[], round: Round<W>, log: EngineLog): ReconcilerDriver {
  const drivers = reconcilers.map((reconciler) => driveOne(reconciler, round, log))
  return { stop: async () => void (await Promise.all(drivers.map((driver) => driver.stop()))) }
}

function driveOne<W>(reconciler: Reconciler<W>, round: Round<W>, log: EngineLog): ReconcilerDriver {
  const busy = new Map<string, Promise<void>>()
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const doRound = async () => {
    if (stopped || !(await takeDuty(round.db, reconciler.name, round.now(), reconciler.everySeconds))) return
    const waiting = (await reconciler.subjects(round)).filter((subject) => !busy.has(subject))
    await Promise.all(Array.from({ length: concurrency }, () => workThrough(waiting)))
  }

  const workThrough = async (waiting: string[]) => {
    for (let subject = waiting.shift(); subject && !stopped; subject = waiting.shift()) await lookAt(subject)
  }

  /** Waits for the look, but not beyond its limit: a slow subject stays busy on its own. */
  const lookAt = async (subject: string) => {
    const look = reconciler
      .reconcile(round, subject as InstanceId)
      .catch((thrown: unknown) => log.unexpected(`${reconciler.name} of ${subject}`, thrown))
      .finally(() => busy.delete(subject))
    busy.set(subject, look)
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, reconciler.limitSeconds * 1000)
    await Promise.race([look, limit.promise])
    clearTimeout(timer)
  }

  const tick = () => {
    running = running.then(doRound).catch((thrown: unknown) => log.unexpected(reconciler.name, thrown))
  }
  const timer = setInterval(tick, reconciler.everySeconds * 1000)
  tick()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
      await Promise.all(busy.values())
    },
  }
}
