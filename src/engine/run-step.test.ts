import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { make, makeTinyEngine, type TinyEngine } from '../../test/harness/tiny-engine.ts'
import { second } from '../../test/harness/rows.ts'
import { AppError } from '../domain/errors.ts'
import type { OperationId } from '../domain/id.ts'
import { eventRange, listEventsAfter } from '../store/events.ts'
import { findInstance, updateInstanceHealth } from '../store/instances.ts'
import { claimDueOperations } from '../store/operation-leases.ts'
import { listSteps } from '../store/steps.ts'
import { cancelled, done, giveUp, next, takenBack, wait } from './outcome.ts'
import { runOperation } from './worker.ts'

let tiny: TinyEngine
beforeEach(async () => void (tiny = await makeTinyEngine()))
afterEach(() => tiny[Symbol.asyncDispose]())

const timeline = async (id: OperationId) =>
  (await listSteps(tiny.db, id)).map(({ name, outcome, attempts }) => `${name} ${outcome} ${attempts}`)
const events = async () => {
  const { oldest } = await eventRange(tiny.db)
  const told = await listEventsAfter(tiny.db, 'env-test', { after: oldest - 1, limit: 1_000 })
  return told.map(({ kind, message }) => `${kind}: ${message}`)
}
const unavailable = (words = 'Kafka does not answer.') => new AppError('unavailable', 'Kafka.Unreachable', words)

describe('a step that says next', () => {
  test('goes on at once with the step it names, and gives it its own time', async () => {
    tiny.world.scripts = { first: async () => (tiny.pass(5), next('second')), second: async () => wait(1, 'why') }
    const { id, deadlineAt } = await tiny.begin()
    assert.deepEqual(deadlineAt, second(60))
    await tiny.work()
    const operation = await tiny.get(id)
    assert.deepEqual([operation.step, operation.deadlineAt], ['second', second(65)])
    assert.deepEqual(await timeline(id), ['first next 1', 'second running 1'])
    assert.ok((await events()).includes('operation.step: Make: Do the second thing'))
  })

  test('may name itself: each time is a visit of its own', async () => {
    const outcomes = [next('first'), next('first'), done]
    tiny.world.scripts = { first: async () => outcomes.shift()! }
    const { id } = await tiny.begin()
    await tiny.work()
    assert.deepEqual(await timeline(id), ['first next 1', 'first next 1', 'first done 1'])
  })
})

describe('a step that says wait', () => {
  test('runs again after that time and not before; the reason is shown', async () => {
    const outcomes = [wait(3, 'Node 2 is starting.'), done]
    tiny.world.scripts = { first: async () => outcomes.shift()! }
    const { id } = await tiny.begin()
    await tiny.work()
    assert.equal((await tiny.get(id)).waitingReason, 'Node 2 is starting.')
    tiny.pass(2.9)
    await tiny.work()
    assert.equal(tiny.world.ran.length, 1)
    tiny.pass(0.1)
    await tiny.work()
    const { outcome, waitingReason } = await tiny.get(id)
    assert.deepEqual([outcome, waitingReason], ['succeeded', null])
    assert.deepEqual(await timeline(id), ['first done 2'])
    assert.equal((await listSteps(tiny.db, id))[0]?.waitingReason, 'Node 2 is starting.')
  })

  test('tells the feed when its words are new, and is silent when they are not', async () => {
    const reasons = ['one', 'one', 'two', 'two', 'one']
    tiny.world.scripts = { first: async () => wait(1, reasons.shift()!) }
    await tiny.begin()
    for (const _ of [1, 2, 3, 4, 5]) {
      await tiny.work()
      tiny.pass(1)
    }
    const told = (await events()).filter((words) => words.startsWith('operation.waiting'))
    assert.deepEqual(
      told,
      ['one', 'two', 'one'].map((why) => `operation.waiting: Make: ${why}`),
    )
  })
})

describe('a step that is late', () => {
  for (const [words, script] of Object.entries({
    waiting: async () => wait(10, 'still'),
    failing: async () => Promise.reject(unavailable()),
  })) {
    test(`while ${words} is marked and told of once, and goes on`, async () => {
      tiny.world.scripts = { first: script }
      const { id } = await tiny.begin()
      await tiny.work()
      assert.equal((await tiny.get(id)).isOverdue, false)
      for (const _ of [1, 2, 3]) {
        tiny.pass(60)
        await tiny.work()
      }
      const { isOverdue, outcome } = await tiny.get(id)
      assert.deepEqual([isOverdue, outcome], [true, 'active'])
      assert.equal((await events()).filter((told) => told.startsWith('operation.overdue')).length, 1)
      assert.equal(tiny.world.ran.length, 4)

      tiny.world.scripts = { first: async () => next('second'), second: async () => wait(1, 'fresh') }
      tiny.pass(60)
      await tiny.work()
      assert.equal((await tiny.get(id)).isOverdue, false)
    })
  }
})

describe('a step that throws', () => {
  test('is tried again after a growing pause; a success forgets the failures', async () => {
    tiny.world.scripts = { first: () => Promise.reject(unavailable()) }
    const { id } = await tiny.begin()
    const dueAfter = async () => ((await tiny.get(id)).runAt.getTime() - tiny.now().getTime()) / 1000
    for (const seconds of [0.5, 1, 2, 4]) {
      await tiny.work()
      assert.equal(await dueAfter(), seconds)
      tiny.pass(seconds)
    }
    const { failures, error } = await tiny.get(id)
    assert.deepEqual([failures, error], [4, { code: 'Kafka.Unreachable', message: 'Kafka does not answer.' }])

    tiny.world.scripts = { first: async () => wait(1, 'better') }
    await tiny.work()
    const after = await tiny.get(id)
    assert.deepEqual([after.failures, after.error], [0, null])
    const told = (await events()).filter((words) => words.startsWith('operation.retrying'))
    assert.deepEqual(told, ['operation.retrying: Make: Kafka does not answer. Trying again.'])
  })

  test('what cannot succeed gives up at once: the Instance is in Error and says where and why', async () => {
    tiny.world.scripts = { first: () => Promise.reject(new AppError('limit', 'Node.NoMemory', 'No memory is left.')) }
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    const { outcome, error, endedAt } = await tiny.get(id)
    assert.deepEqual([outcome, error?.code, endedAt], ['failed', 'Node.NoMemory', null])
    const instance = await findInstance(tiny.db, instanceId)
    assert.equal(instance?.state, 'Error')
    assert.equal(instance.stateReason, 'Make failed at "Do the first thing": No memory is left.')
    assert.deepEqual(await timeline(id), ['first failed 1'])
    assert.ok((await events()).includes('operation.failed: Make: No memory is left.'))
  })

  test('a bug is tried five times and never shows its words', async () => {
    tiny.world.scripts = { first: () => Promise.reject(new TypeError('secret')) }
    const { id } = await tiny.begin()
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      await tiny.work()
      tiny.pass(60)
    }
    assert.equal(tiny.world.ran.length, 5)
    assert.equal((await tiny.get(id)).outcome, 'failed')
    assert.doesNotMatch(JSON.stringify([await events(), await tiny.get(id), await listSteps(tiny.db, id)]), /secret/)
  })

  test('a conflict waits, with its words', async () => {
    tiny.world.scripts = { first: () => Promise.reject(new AppError('conflict', 'A.B', 'Somebody is there.')) }
    const { id } = await tiny.begin()
    await tiny.work()
    const { waitingReason, failures, outcome } = await tiny.get(id)
    assert.deepEqual([waitingReason, failures, outcome], ['Somebody is there.', 0, 'active'])
  })
})

describe('the end of an Operation', () => {
  test('is written with the state that its definition names', async () => {
    const ends = { done, cancelled, 'give-up': giveUp('A.B', 'No.') }
    const states = { done: 'Running', cancelled: 'Deleted', 'give-up': 'Error' } as const
    for (const kind of ['done', 'cancelled', 'give-up'] as const) {
      tiny.world.scripts = { first: async () => ends[kind] }
      const { id, instanceId } = await tiny.begin()
      tiny.pass(4)
      await tiny.work()
      assert.equal((await findInstance(tiny.db, instanceId))?.state, states[kind])
      const { outcome, endedAt } = await tiny.get(id)
      const expected = kind === 'give-up' ? ['failed', null] : [kind === 'done' ? 'succeeded' : 'cancelled', tiny.now()]
      assert.deepEqual([outcome, endedAt], expected)
    }
  })
})

test('an Operation that takes itself back leaves its reason with the state', async () => {
  tiny.world.scripts = { first: async () => takenBack('Kafka refuses it.') }
  const { instanceId } = await tiny.begin()
  await tiny.work()
  const reason = async () => (await findInstance(tiny.db, instanceId))?.stateReason
  assert.equal(await reason(), 'Make was taken back: Kafka refuses it.')
})

describe('what a step remembers', () => {
  test('is there at its next run and in the next step, also when the step threw after it', async () => {
    const found: unknown[] = []
    const outcomes = [() => Promise.reject(unavailable()), async () => next('second')]
    tiny.world.scripts = {
      first: (op) => {
        found.push(op.notes['count'])
        op.remember({ count: Number(op.notes['count'] ?? 0) + 1 })
        return outcomes.shift()!()
      },
      second: async (op) => (found.push(op.notes['count']), done),
    }
    await tiny.begin()
    await tiny.work()
    tiny.pass(1)
    await tiny.work()
    assert.deepEqual(found, [undefined, 1, 2])
  })
})

describe('everything that one run changes', () => {
  test('is written together or not at all', async () => {
    tiny.world.scripts = { first: async (op) => (op.remember({ secret: 1 }), done) }
    const { id, instanceId } = await tiny.begin()
    const before = [await tiny.get(id), await findInstance(tiny.db, instanceId), await listSteps(tiny.db, id)]
    await refuseEvents(true)
    const [lease] = await claimDueOperations(tiny.db, { ...tiny.engine, now: tiny.now(), limit: 1 })
    await assert.rejects(runOperation(tiny.engine, lease!), /no events today/)
    const after = [await tiny.get(id), await findInstance(tiny.db, instanceId), await listSteps(tiny.db, id)]
    assert.deepEqual(after, before)

    await refuseEvents(false)
    tiny.pass(11)
    await tiny.work()
    assert.equal((await tiny.get(id)).outcome, 'succeeded')
  })

  const refuseEvents = async (refuse: boolean) => {
    if (!refuse) return await sql`drop trigger refuse on events`.execute(tiny.db)
    await sql`create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no events today'; end $$`.execute(tiny.db)
    return await sql`create trigger refuse before insert on events for each row execute function refuse()`.execute(
      tiny.db,
    )
  }

  test('is nothing when the worker was overtaken meanwhile', async () => {
    let refused: unknown
    tiny.world.scripts = {
      async first(op) {
        tiny.pass(11)
        await claimDueOperations(tiny.db, { owner: 'other', now: tiny.now(), leaseMs: 10_000, limit: 1 })
        const seen = { health: 'down', healthReason: null, observedAt: tiny.now() } as const
        await op.write((tx) => updateInstanceHealth(tx, op.instanceId, seen)).catch((thrown) => (refused = thrown))
        return done
      },
    }
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    assert.equal((refused as AppError).code, 'Lease.Overtaken')
    assert.equal((await findInstance(tiny.db, instanceId))?.health, 'healthy')
    assert.equal((await tiny.get(id)).outcome, 'active')
    assert.deepEqual(await timeline(id), ['first running 0'])
  })

  test('includes what a step writes under its lease', async () => {
    tiny.world.scripts = {
      async first(op) {
        const seen = { health: 'down', healthReason: 'why', observedAt: op.now() } as const
        await op.write((tx) => updateInstanceHealth(tx, op.instanceId, seen))
        return done
      },
    }
    const { instanceId } = await tiny.begin()
    await tiny.work()
    assert.equal((await findInstance(tiny.db, instanceId))?.health, 'down')
  })
})

describe('an Operation that this Millrace does not know', () => {
  for (const [what, change] of Object.entries({ kind: { kind: 'of-tomorrow' }, step: { step: 'of-tomorrow' } })) {
    test(`by its ${what} waits in words that say so, and goes on with one that does`, async () => {
      tiny.world.scripts = { first: async () => done }
      const { id, step } = await tiny.begin()
      await tiny.db.updateTable('operations').set(change).where('id', '=', id).execute()
      await tiny.work()
      const { outcome, waitingReason } = await tiny.get(id)
      assert.equal(outcome, 'active')
      assert.match(waitingReason ?? '', /does not know the step .*: upgrade Millrace/)

      await tiny.db.updateTable('operations').set({ kind: make.kind, step }).where('id', '=', id).execute()
      tiny.pass(30)
      await tiny.work()
      assert.equal((await tiny.get(id)).outcome, 'succeeded')
    })
  }
})
