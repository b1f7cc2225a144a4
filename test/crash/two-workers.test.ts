import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeRegistry } from '../../src/engine/registry.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { startWorker } from '../../src/engine/worker.ts'
import { registry } from '../../src/operations/registry.ts'
import type { World } from '../../src/operations/world.ts'
import { makeDatabase } from '../harness/database.ts'
import { makeWorker } from '../harness/worker.ts'
import { makeStage, type Stage } from '../harness/world.ts'

/** Two Millrace processes on one database, as two real workers with their own listeners. */
const operations = 24

describe('two workers on one database', () => {
  test('share the Operations, and no Operation is ever in two hands', async () => {
    await using database = await makeDatabase()
    const stage = await makeStage(database.db)
    const watch = makeWatch(operations)
    for (let count = 0; count < operations; count++) await stage.create()
    const start = (owner: string) =>
      startWorker(engineOf(stage, owner, watch), { connection: database.connection, concurrency: 4 })
    const workers = await Promise.all([start('one'), start('two')])
    await watch.allDone
    await Promise.all(workers.map((worker) => worker.stop()))
    assert.deepEqual(watch.clashes, [])
    const shares = [...watch.stepsOf.values()]
    assert.ok(shares.length === 2 && Math.min(...shares) > operations / 4, `shares: ${shares.join(' and ')}`)
    assert.equal(stage.ledger.filter(({ act }) => act === 'started').length, operations * 3)
  })

  test('hand an Operation over when one of them stops in order, without waiting for the lease', async () => {
    await using database = await makeDatabase()
    const stage = await makeStage(database.db)
    await stage.create()
    const watch = makeWatch(1)
    const first = await startWorker(engineOf(stage, 'one', watch), { connection: database.connection })
    await first.stop()
    const second = await startWorker(engineOf(stage, 'two', watch), { connection: database.connection })
    await watch.allDone
    await second.stop()
    assert.deepEqual(watch.clashes, [])
  })
})

type Watch = {
  clashes: string[]
  stepsOf: Map<string, number>
  enter(owner: string, operationId: string): () => void
  finished(): void
  allDone: Promise<void>
}

function makeWatch(expected: number): Watch {
  const inHand = new Map<string, string>()
  const done = Promise.withResolvers<void>()
  const watch: Watch = {
    clashes: [],
    stepsOf: new Map(),
    enter(owner, operationId) {
      const other = inHand.get(operationId)
      if (other) watch.clashes.push(`${operationId} is in the hands of ${other} and ${owner}`)
      inHand.set(operationId, owner)
      watch.stepsOf.set(owner, (watch.stepsOf.get(owner) ?? 0) + 1)
      return () => void inHand.delete(operationId)
    },
    finished: () => void (--expected === 0 && done.resolve()),
    allDone: done.promise,
  }
  return watch
}

/** The worker naps by the real clock; the stage's own moves on with every call, so that nodes are soon ready. */
function engineOf(stage: Stage, owner: string, watch: Watch): Engine<World> {
  const { engine } = makeWorker(stage, {
    aroundCall: (_call, work) => {
      stage.pass(200)
      return work()
    },
  })
  const watched = registry.all.map((definition) => ({
    ...definition,
    steps: Object.fromEntries(
      Object.entries(definition.steps).map(([name, step]) => {
        const run: typeof step.run = async (op) => {
          const leave = watch.enter(owner, op.operationId)
          // Long enough for the other to reach for it.
          await new Promise(setImmediate)
          const outcome = await step.run(op).finally(leave)
          if (outcome.kind === 'done') watch.finished()
          return outcome
        }
        return [name, { ...step, run }]
      }),
    ),
  }))
  return { ...engine, owner, registry: makeRegistry(watched), now: () => new Date(), leaseMs: 60_000 }
}
