import { setImmediate as nextTurn } from 'node:timers/promises'
import { takeDuty } from '../store/duties.ts'
import type { Reconciler, Round, Subject } from './define-reconciler.ts'
import type { EngineLog } from './engine.ts'
import { gather } from './gather.ts'

/** Does the rounds of every reconciler. Of several processes on one database, each round is one's. */
export type ReconcilerDriver = { stop(): Promise<void> }

const concurrency = 16
const gatherMs = 50

export function startReconciler<W, S extends Subject, F>(
  reconciler: Reconciler<W, S, F>,
  round: Round<W>,
  log: EngineLog,
): ReconcilerDriver {
  const busy = new Map<string, Promise<void>>()
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const findings = gather<F>(gatherMs, async (found) => {
    const recorded = reconciler.record?.(round, found)
    await recorded?.catch((thrown: unknown) => log.unexpected(`${reconciler.name}, recording`, thrown))
  })

  const doRound = async () => {
    const { name, everySeconds } = reconciler
    if (stopped) return
    const turn = await takeDuty(round.db, name, { now: round.now(), everySeconds })
    if (turn === undefined) return
    const waiting = (await reconciler.subjects(round, turn)).filter((subject) => !busy.has(subject.id))
    await Promise.all(Array.from({ length: concurrency }, () => workThrough(waiting)))
    await findings.flush()
  }

  const workThrough = async (waiting: S[]) => {
    for (let subject = waiting.shift(); subject && !stopped; subject = waiting.shift()) {
      await lookAt(subject)
      // Many looks that wait for nothing must not keep a page waiting.
      await nextTurn()
    }
  }

  const look = async (subject: S) => {
    try {
      const found = await reconciler.reconcile(round, subject)
      if (found !== undefined) findings.add(found)
    } catch (thrown) {
      log.unexpected(`${reconciler.name} of ${subject.id}`, thrown)
    } finally {
      busy.delete(subject.id)
    }
  }

  /** Waits for the look, but not beyond its limit: a slow subject stays busy on its own. */
  const lookAt = async (subject: S) => {
    const looking = look(subject)
    busy.set(subject.id, looking)
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, reconciler.limitSeconds * 1000)
    await Promise.race([looking, limit.promise])
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
      await findings.flush()
    },
  }
}
