import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { makeTinyEngine, type Script, type TinyEngine } from '../../test/harness/tiny-engine.ts'
import { second } from '../../test/harness/rows.ts'
import { until } from '../../test/harness/until.ts'
import type { OperationId } from '../domain/id.ts'
import { claimDueOperations, wakeChannel } from '../store/operation-leases.ts'
import { done, next, wait } from './outcome.ts'
import { startWorker, type Worker } from './worker.ts'

let tiny: TinyEngine
let workers: Worker[] = []
/** Lets go what a test holds up: also one that fails leaves nothing running. */
const letGo: (() => void)[] = []
beforeEach(async () => void (tiny = await makeTinyEngine({ first: async () => done })))
afterEach(async () => {
  for (const finish of letGo.splice(0)) finish()
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await tiny[Symbol.asyncDispose]()
})

/** Far below the sweep, which comes every five seconds: what is done within this was not found by sweeping. */
const promptMs = 2_500

type IdleOptions = { owner?: string; concurrency?: number; leaseMs?: number; now?(): Date }

const startIdle = async (more: IdleOptions = {}) => {
  const { concurrency, ...engine } = more
  const { connection } = tiny.database
  const worker = await startWorker({ ...tiny.engine, ...engine }, { connection, ...(concurrency && { concurrency }) })
  workers.push(worker)
  // Listening, and with nothing more to look at: from here on only a notification wakes it.
  await until(async () => {
    const { rows } = await sql`select 1 from pg_stat_activity where query = ${`listen "${wakeChannel}"`}
      and datname = current_database()`.execute(tiny.db)
    return rows.length === workers.length
  })
  return worker
}

const isOver = async (id: OperationId) => (await tiny.get(id)).outcome === 'succeeded'
const row = (id: OperationId) =>
  tiny.db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** A script that hangs for the first Operation that comes to it, until let go. */
function hangOnce(then: Script = async () => done) {
  const begun = Promise.withResolvers<OperationId>()
  const finish = Promise.withResolvers<void>()
  letGo.push(finish.resolve)
  let isFirst = true
  const script: Script = async (op) => {
    if (!isFirst) return done
    isFirst = false
    begun.resolve(op.operationId)
    await finish.promise
    return await then(op)
  }
  return { script, begun: begun.promise, finish: finish.resolve }
}

describe('a worker', () => {
  test('runs what was due before it started', async () => {
    const { id } = await tiny.begin()
    await startIdle()
    await until(() => isOver(id), promptMs)
  })

  test('is woken at once, however many come one after another', async () => {
    await startIdle()
    for (let index = 0; index < 20; index++) {
      const { id } = await tiny.begin()
      await until(() => isOver(id), promptMs)
    }
  })

  test('is woken when a person resumes or cancels', async () => {
    tiny.world.scripts = { first: async () => wait(600, 'why'), release: async () => done }
    await startIdle()
    const { id } = await tiny.begin()
    await until(async () => (await tiny.get(id)).waitingReason === 'why', promptMs)
    tiny.world.scripts.first = async () => next('second')
    tiny.world.scripts.second = async () => wait(600, 'again')
    await tiny.control(id, 'pause')
    await tiny.control(id, 'resume')
    await until(async () => (await tiny.get(id)).waitingReason === 'again', promptMs)
    await tiny.control(id, 'cancel')
    await until(() => isOver(id), promptMs)
  })

  test('comes back by itself when a wait is over', async () => {
    const outcomes = [wait(0.2, 'why'), done]
    tiny.world.scripts.first = async () => outcomes.shift()!
    await startIdle({ now: () => new Date() })
    const { id } = await tiny.begin()
    await until(() => isOver(id), promptMs)
  })

  test('lets no Operation that hangs delay another', async () => {
    const hang = hangOnce()
    tiny.world.scripts.first = hang.script
    await startIdle()
    const stuck = await tiny.begin()
    await hang.begun
    for (let index = 0; index < 5; index++) {
      const { id } = await tiny.begin()
      await until(() => isOver(id), promptMs)
    }
    assert.equal((await tiny.get(stuck.id)).outcome, 'active')
    hang.finish()
    await until(() => isOver(stuck.id), promptMs)
  })

  test('has never more in hand than it may, and takes the next when one is done', async () => {
    let most = 0
    let now = 0
    tiny.world.scripts.first = async () => {
      most = Math.max(most, ++now)
      await sql`select pg_sleep(0.02)`.execute(tiny.db)
      now--
      return done
    }
    const ids: OperationId[] = []
    for (let index = 0; index < 9; index++) ids.push((await tiny.begin()).id)
    await startIdle({ concurrency: 3 })
    for (const id of ids) await until(() => isOver(id), promptMs)
    assert.equal(most, 3)
  })

  test('shares the work with another: each Operation is run by one', async () => {
    const runs: string[] = []
    tiny.world.scripts.first = async (op) => (runs.push(op.operationId), done)
    await startIdle({ owner: 'one' })
    await startIdle({ owner: 'two' })
    const begun = await Promise.all(Array.from({ length: 20 }, () => tiny.begin()))
    for (const { id } of begun) await until(() => isOver(id), promptMs)
    assert.equal(runs.length, 20)
    assert.equal(new Set(runs).size, 20)
  })

  test('hears of new work also after its connection was cut', async () => {
    await startIdle()
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query = ${`listen "${wakeChannel}"`} and datname = current_database()`.execute(tiny.db)
    const { id } = await tiny.begin()
    await until(() => isOver(id), promptMs)
  })
})

describe('a step that hangs', () => {
  test('is told of once when it is late, and may still end well', async () => {
    const hang = hangOnce(async () => wait(600, 'still late'))
    tiny.world.scripts.first = hang.script
    const { id } = await tiny.begin()
    await tiny.db
      .updateTable('operations')
      .set({ deadline_at: second(0.05) })
      .execute()
    await startIdle({ leaseMs: 300 })
    await hang.begun
    tiny.pass(0.06)
    await until(async () => (await tiny.get(id)).isOverdue, promptMs)
    hang.finish()
    await until(async () => (await tiny.get(id)).waitingReason === 'still late', promptMs)
    const events = await tiny.db
      .selectFrom('events')
      .select(['kind', 'message'])
      .where('operation_id', '=', id)
      .execute()
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'operation.overdue').map(({ message }) => message),
      ['Make: "Do the first thing" takes longer than it should.'],
    )
    assert.ok((await tiny.get(id)).isOverdue)
  })
})

describe('a lease', () => {
  test('is renewed while a step takes long', async () => {
    const hang = hangOnce()
    tiny.world.scripts.first = hang.script
    await startIdle({ leaseMs: 300 })
    const { id } = await tiny.begin()
    await hang.begun
    // In strides shorter than the lease: a greater one would mean that this process had stood still.
    for (const passed of [0.2, 0.4]) {
      tiny.pass(0.2)
      await until(async () => (await row(id)).lease_until?.getTime() === second(passed + 0.3).getTime(), promptMs)
    }
    assert.deepEqual(await claimDueOperations(tiny.db, { owner: 'other', now: tiny.now(), leaseMs: 300, limit: 9 }), [])
    hang.finish()
    await until(() => isOver(id), promptMs)
  })

  test('that is lost is told to the log, and the step’s outcome is not written', async () => {
    const hang = hangOnce()
    tiny.world.scripts.first = hang.script
    await startIdle({ leaseMs: 150 })
    const { id } = await tiny.begin()
    await hang.begun
    await sql`update operations set lease_epoch = nextval('lease_epochs'), lease_until = ${second(900)}`.execute(
      tiny.db,
    )
    await until(() => tiny.logged.includes('first lost its lease'), promptMs)
    hang.finish()
    await workers.pop()!.stop()
    assert.equal((await tiny.get(id)).outcome, 'active')
  })

  test('of a dead predecessor with the same name does not hold anything up', async () => {
    const { id } = await tiny.begin()
    const [dead] = await claimDueOperations(tiny.db, { ...tiny.engine, now: tiny.now(), limit: 1 })
    assert.equal(dead?.operation.id, id)
    await startIdle()
    await until(() => isOver(id), promptMs)
  })

  test('of a living one with another name is left alone until it is over', async () => {
    const { id } = await tiny.begin()
    await claimDueOperations(tiny.db, { ...tiny.engine, owner: 'other', now: tiny.now(), limit: 1 })
    await startIdle()
    const later = await tiny.begin()
    await until(() => isOver(later.id), promptMs)
    assert.equal((await tiny.get(id)).outcome, 'active')
    tiny.pass(11)
    const nudge = await tiny.begin()
    await until(async () => (await isOver(id)) && (await isOver(nudge.id)), promptMs)
  })
})

describe('a stop', () => {
  test('waits for the step in hand, begins no other, and gives the lease back', async () => {
    const hang = hangOnce(async () => next('second'))
    tiny.world.scripts = { first: hang.script, second: async () => done }
    const worker = await startIdle()
    const { id } = await tiny.begin()
    await hang.begun
    let isStopped = false
    const stopping = worker.stop().then(() => (isStopped = true))
    const missed = await tiny.begin()
    assert.equal(isStopped, false)
    hang.finish()
    await stopping
    workers = []
    const { step, outcome, lease_owner, lease_until } = await row(id)
    assert.deepEqual([step, outcome, lease_owner, lease_until], ['second', 'active', null, null])
    assert.deepEqual(tiny.world.ran, ['first'])
    assert.equal((await tiny.get(missed.id)).outcome, 'active')

    await startIdle({ owner: 'successor' })
    await until(() => isOver(id), promptMs)
  })
})
