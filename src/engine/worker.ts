import { listen, type ListenRequest, type Listener } from '../store/listen.ts'
import {
  claimDueOperations,
  nextDueAt,
  releaseLease,
  releaseLeasesOf,
  renewLease,
  wakeChannel,
  type Lease,
} from '../store/operation-leases.ts'
import { isStanding } from '../domain/operation.ts'
import type { Engine } from './engine.ts'
import { runStep } from './run-step.ts'
import { tend } from './tend.ts'
import { tellLate } from './tell-late.ts'

/**
 * Takes due Operations and runs them, many at once, so that one that hangs delays no other. Woken by a notification; a timer
 * for the next due row; a sweep in case a notification was lost.
 */
export type Worker = {
  /** Takes nothing new, waits for the steps in flight, gives their leases back. */
  stop(): Promise<void>
}

export type WorkerOptions = { connection: ListenRequest['connection']; concurrency?: number }

const sweepMs = 5_000
const shortestNapMs = 5

export async function startWorker<W>(
  engine: Engine<W>,
  { connection, concurrency = 64 }: WorkerOptions,
): Promise<Worker> {
  // This process holds the home's lock, so whoever used this name before is dead.
  await releaseLeasesOf(engine.db, engine.owner)
  const inFlight = new Set<Promise<void>>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let turning: Promise<void> | undefined
  let again = false

  const nudge = () => {
    if (stopped) return
    again = true
    turning ??= turn()
  }

  const turn = async () => {
    while (again && !stopped) {
      again = false
      await takeDue().catch((thrown: unknown) => engine.log.unexpected('taking due operations', thrown))
      const due = await nextDueAt(engine.db).catch(() => undefined)
      if (!again && !stopped) napUntil(due)
    }
    // In one breath with the last look at `again`: a nudge either comes before it, or begins a turn of its own.
    turning = undefined
  }

  const takeDue = async () => {
    const limit = concurrency - inFlight.size
    if (limit <= 0) return
    const { db, owner, leaseMs } = engine
    for (const lease of await claimDueOperations(db, { owner, now: engine.now(), leaseMs, limit })) {
      const work: Promise<void> = runOperation(engine, lease, () => stopped)
        .catch((thrown: unknown) => engine.log.unexpected(`running ${lease.operation.id}`, thrown))
        .finally(() => {
          inFlight.delete(work)
          nudge()
        })
      inFlight.add(work)
    }
  }

  const napUntil = (due: Date | undefined) => {
    clearTimeout(timer)
    const untilDue = due ? due.getTime() - engine.now().getTime() : sweepMs
    // With every hand full, the next to finish nudges.
    const nap = inFlight.size >= concurrency ? sweepMs : Math.min(sweepMs, Math.max(shortestNapMs, untilDue))
    timer = setTimeout(nudge, nap)
  }

  const listener: Listener = listen({ connection, channel: wakeChannel, onNotification: nudge, onConnected: nudge })
  nudge()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await listener.close()
      await turning
      await Promise.all(inFlight)
      await releaseLeasesOf(engine.db, engine.owner)
    },
  }
}

/** Runs steps one after another for as long as there is more to do at once, keeping the lease alive. */
export async function runOperation<W>(
  engine: Engine<W>,
  lease: Lease,
  isStopping: () => boolean = () => false,
): Promise<void> {
  const { operation, epoch } = lease
  let current: Lease | undefined = lease
  const renewing = setInterval(() => {
    const until = new Date(engine.now().getTime() + engine.leaseMs)
    renewLease(engine.db, lease, until).then(
      (held) => held || !current || engine.log.leaseLost(operation.id, current.operation.step),
      (thrown: unknown) => engine.log.unexpected(`renewing ${operation.id}`, thrown),
    )
    if (!current) return
    tellLate(engine, current).catch((thrown: unknown) => engine.log.unexpected(`watching ${operation.id}`, thrown))
  }, engine.leaseMs / 3)
  try {
    if (isStanding(operation)) return await tend(engine, lease)
    while (current && !current.operation.pausedAt && !isStopping()) current = await runStep(engine, current)
    // Put down between two steps: what it holds must not keep the next worker waiting.
    if (current) await releaseLease(engine.db, operation.id, epoch)
  } finally {
    clearInterval(renewing)
  }
}
