import type { StepContext } from '../../src/engine/define-operation.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Outcome } from '../../src/engine/outcome.ts'
import { makeRegistry, type Registry } from '../../src/engine/registry.ts'
import { runOperation } from '../../src/engine/worker.ts'
import { registry } from '../../src/operations/registry.ts'
import type { Op, World } from '../../src/operations/world.ts'
import { claimDueOperations, nextDueAt } from '../../src/store/operation-leases.ts'
import type { Stage } from './world.ts'

/**
 * A worker on a stage that does nothing by itself: `work` runs what is due, `settle` lets time pass until nothing is under way.
 * Hooks stand around each step and each call to the world, and may repeat it, fail it, hold it up, or end the worker there.
 */
export type TestWorker = {
  engine: Engine<World>
  /** Runs what is due, until nothing is or the worker is dead. */
  work(): Promise<void>
  settle(): Promise<void>
  /** For a hook to await: the worker does nothing more. Only `bury` lets its code go on, with a throw. */
  die(): Promise<never>
  isDead(): boolean
  /** What hangs in a dead worker wakes up, finds itself overtaken, and ends. */
  bury(): Promise<void>
  /** Operations that it holds, one promise each. */
  held: Set<Promise<void>>
}

export type Visit = { kind: string; step: string }
export type Hooks = {
  aroundStep?(visit: Visit, run: () => Promise<Outcome>, worker: TestWorker): Promise<Outcome>
  /** `index` counts the calls of this worker from 0. */
  aroundCall?(call: { index: number; name: string }, work: () => Promise<unknown>, worker: TestWorker): Promise<unknown>
}

/** Far beyond any test, so that no lease is renewed by the real clock while one runs. */
export const leaseMs = 30 * 60_000

let count = 0

export function makeWorker(stage: Stage, hooks: Hooks = {}): TestWorker {
  const dead = Promise.withResolvers<void>()
  const burial = Promise.withResolvers<never>()
  burial.promise.catch(() => {})
  let isDead = false
  const worker: TestWorker = {
    engine: makeEngine(stage, hooks, () => worker),
    held: new Set(),
    isDead: () => isDead,
    work: () => Promise.race([runDue(worker), dead.promise]),
    settle: () => settle(worker, stage),
    die() {
      isDead = true
      dead.resolve()
      return burial.promise
    },
    async bury() {
      burial.reject(new Error('this worker is dead'))
      await Promise.all(worker.held)
    },
  }
  return worker
}

function makeEngine(stage: Stage, hooks: Hooks, worker: () => TestWorker): Engine<World> {
  const { provider, clusters, catalogue } = stage.world
  let index = 0
  const around: AroundCall = (name, work) =>
    hooks.aroundCall ? hooks.aroundCall({ index: index++, name }, work, worker()) : work()
  return {
    db: stage.db,
    registry: hooks.aroundStep ? hookedRegistry(hooks.aroundStep, worker) : registry,
    world: { provider: intercept(provider, around), clusters: intercept(clusters, around), catalogue },
    owner: `worker-${++count}`,
    leaseMs,
    now: stage.now,
    chance: () => 0,
    log: { stepFailed() {}, leaseLost() {}, unexpected() {} },
  }
}

type AroundCall = (name: string, work: () => Promise<unknown>) => Promise<unknown>

function intercept<T extends object>(target: T, around: AroundCall): T {
  return new Proxy(target, {
    get(inner, name) {
      const value: unknown = Reflect.get(inner, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => around(String(name), async () => await value.apply(inner, args))
    },
  })
}

function hookedRegistry(hook: NonNullable<Hooks['aroundStep']>, worker: () => TestWorker): Registry<World> {
  return makeRegistry(
    registry.all.map((definition) => ({
      ...definition,
      steps: Object.fromEntries(
        Object.entries(definition.steps).map(([step, { run, ...rest }]) => {
          const hooked = (op: StepContext<World>) =>
            hook({ kind: definition.kind, step }, async () => await run(op as Op), worker())
          return [step, { ...rest, run: hooked }]
        }),
      ),
    })),
  )
}

async function runDue(worker: TestWorker): Promise<void> {
  const { engine, held } = worker
  while (!worker.isDead()) {
    const leases = await claimDueOperations(engine.db, { ...engine, now: engine.now(), limit: 100 })
    if (leases.length === 0) return
    const runs = leases.map((lease) => {
      const run = runOperation(engine, lease).finally(() => held.delete(run))
      held.add(run)
      return run
    })
    await Promise.all(runs)
  }
}

/** More than any Operation here needs: one that goes on for ever fails instead of hanging. */
const mostTurns = 300

async function settle(worker: TestWorker, stage: Stage): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    await worker.work()
    if (worker.isDead()) return
    const due = await nextDueAt(stage.db)
    if (!due) return
    stage.pass(Math.max(1, due.getTime() - stage.now().getTime() + 1))
  }
  throw new Error(`an Operation is still under way after ${mostTurns} turns`)
}
