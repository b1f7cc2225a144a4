import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { anna, makeTinyEngine, mend, remove, type TinyEngine, type TinyStep } from '../../test/harness/tiny-engine.ts'
import { environmentId, second } from '../../test/harness/rows.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { OperationAction } from '../domain/operation.ts'
import { listEventsAfter } from '../store/events.ts'
import { findInstance } from '../store/instances.ts'
import { listSteps } from '../store/steps.ts'
import { AppError } from '../domain/errors.ts'
import { cancelled, done, giveUp, next, wait, type Outcome } from './outcome.ts'

let tiny: TinyEngine
beforeEach(async () => {
  tiny = await makeTinyEngine({ release: async () => cancelled })
})
afterEach(() => tiny[Symbol.asyncDispose]())

const stateOf = async (id: InstanceId) => (await findInstance(tiny.db, id))?.state
const outcomeOf = async (id: OperationId) => (await tiny.get(id)).outcome
const timeline = async (id: OperationId) =>
  (await listSteps(tiny.db, id)).map(({ name, outcome, attempts }) => `${name} ${outcome} ${attempts}`)

/** A step that stands still until it is let go. */
function standStill(step: TinyStep, then: Outcome = done) {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  tiny.world.scripts[step] = async () => {
    begun.resolve()
    await finish.promise
    return then
  }
  return { begun: begun.promise, finish: finish.resolve }
}

describe('a pause', () => {
  test('holds an Operation that waits, for as long as it lasts', async () => {
    tiny.world.scripts.first = async () => wait(1, 'why')
    const { id } = await tiny.begin()
    await tiny.work()
    await tiny.control(id, 'pause')
    tiny.pass(1_000)
    await tiny.work()
    assert.equal(tiny.world.ran.length, 1)
    assert.deepEqual((await tiny.get(id)).pausedAt, second(0))

    await tiny.control(id, 'resume')
    await tiny.work()
    assert.equal(tiny.world.ran.length, 2)
  })

  test('during a step lets that step end, and begins no other', async () => {
    const step = standStill('first', next('second'))
    tiny.world.scripts.second = async () => done
    const { id } = await tiny.begin()
    const working = tiny.work()
    await step.begun
    await tiny.control(id, 'pause')
    step.finish()
    await working
    assert.deepEqual(await timeline(id), ['first next 1', 'second running 0'])

    await tiny.control(id, 'resume')
    await tiny.work()
    assert.equal(await outcomeOf(id), 'succeeded')
  })

  test('is not time of the step', async () => {
    tiny.world.scripts.first = async () => wait(1, 'why')
    const { id } = await tiny.begin()
    await tiny.control(id, 'pause')
    tiny.pass(1_000)
    await tiny.control(id, 'resume')
    await tiny.work()
    const { deadlineAt, isOverdue } = await tiny.get(id)
    assert.deepEqual([deadlineAt, isOverdue], [second(1_060), false])
  })
})

describe('a cancel', () => {
  const release = 'release cancelled 1'
  const ended = async (id: OperationId, instanceId: InstanceId) => {
    await tiny.work()
    assert.equal(await outcomeOf(id), 'cancelled')
    assert.equal(await stateOf(instanceId), 'Deleted')
  }

  test('before the first step has run goes straight to the way out', async () => {
    const { id, instanceId } = await tiny.begin()
    await tiny.control(id, 'cancel')
    await ended(id, instanceId)
    assert.deepEqual(await timeline(id), ['first cancelled 0', release])
    assert.deepEqual(tiny.world.ran, ['release'])
  })

  test('during a long wait takes effect at once', async () => {
    tiny.world.scripts.first = async () => wait(600, 'why')
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    await tiny.control(id, 'cancel')
    await ended(id, instanceId)
  })

  test('during a back-off takes effect at once', async () => {
    tiny.world.scripts.first = () => Promise.reject(new AppError('unavailable', 'A.B', 'm'))
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    await tiny.control(id, 'cancel')
    await ended(id, instanceId)
  })

  for (const [words, outcome] of Object.entries({
    waits: wait(600, 'why'),
    'goes on': next('second'),
    'gives up': giveUp('A.B', 'No.'),
  })) {
    test(`during a step that ${words} takes effect when it ends`, async () => {
      const step = standStill('first', outcome)
      const { id, instanceId } = await tiny.begin()
      const working = tiny.work()
      await step.begun
      await tiny.control(id, 'cancel')
      step.finish()
      await working
      await ended(id, instanceId)
      assert.ok(!tiny.world.ran.includes('second'))
      assert.equal((await timeline(id)).at(-1), release)
    })
  }

  test('of a paused Operation sets it going', async () => {
    const { id, instanceId } = await tiny.begin()
    await tiny.control(id, 'pause')
    await tiny.control(id, 'cancel')
    await ended(id, instanceId)
  })

  test('of a failed Operation leads out of Error', async () => {
    tiny.world.scripts.first = async () => giveUp('A.B', 'No.')
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    await tiny.control(id, 'cancel')
    assert.equal(await stateOf(instanceId), 'Creating')
    await ended(id, instanceId)
    assert.deepEqual(await timeline(id), ['first failed 1', release])
  })

  test('can itself be paused, fail, and be retried', async () => {
    tiny.world.scripts.release = async () => giveUp('A.B', 'Still there.')
    const { id, instanceId } = await tiny.begin()
    await tiny.control(id, 'cancel')
    await tiny.control(id, 'pause')
    await tiny.work()
    assert.deepEqual(tiny.world.ran, [])
    await tiny.control(id, 'resume')
    await tiny.work()
    assert.equal(await stateOf(instanceId), 'Error')

    tiny.world.scripts.release = async () => cancelled
    await tiny.control(id, 'retry')
    await ended(id, instanceId)
    assert.deepEqual(await timeline(id), ['first cancelled 0', 'release failed 1', release])
  })

  test('can be asked for again when it failed', async () => {
    tiny.world.scripts.release = async () => giveUp('A.B', 'Still there.')
    const { id, instanceId } = await tiny.begin()
    await tiny.control(id, 'cancel')
    await tiny.work()
    tiny.world.scripts.release = async () => cancelled
    await tiny.control(id, 'cancel')
    await ended(id, instanceId)
  })
})

describe('a retry', () => {
  test('visits the failed step once more, with its full time', async () => {
    tiny.world.scripts.first = async () => giveUp('A.B', 'No.')
    const { id, instanceId } = await tiny.begin()
    await tiny.work()
    tiny.pass(1_000)
    await tiny.control(id, 'retry')
    const { outcome, failures, error, deadlineAt, isOverdue } = await tiny.get(id)
    assert.deepEqual([outcome, failures, error, deadlineAt, isOverdue], ['active', 0, null, second(1_060), false])
    assert.equal(await stateOf(instanceId), 'Creating')

    tiny.world.scripts.first = async () => done
    await tiny.work()
    assert.equal(await stateOf(instanceId), 'Running')
    assert.deepEqual(await timeline(id), ['first failed 1', 'first done 1'])
  })

  test('sets going also what failed while it was paused', async () => {
    const step = standStill('first', giveUp('A.B', 'No.'))
    const { id, instanceId } = await tiny.begin()
    const working = tiny.work()
    await step.begun
    await tiny.control(id, 'pause')
    step.finish()
    await working
    assert.equal(await stateOf(instanceId), 'Error')
    await assert.rejects(tiny.control(id, 'resume'), { code: 'Operation.NotAllowed' })
    assert.equal(await stateOf(instanceId), 'Error')

    tiny.world.scripts.first = async () => done
    await tiny.control(id, 'retry')
    await tiny.work()
    assert.equal(await stateOf(instanceId), 'Running')
  })

  test('of one that leaves the state alone takes the Error away', async () => {
    tiny.world.scripts = { first: async () => done, only: async () => giveUp('A.B', 'Its data is gone.') }
    const { instanceId } = await tiny.begin()
    await tiny.work()
    const { id } = await tiny.begin(mend, { instanceId })
    await tiny.work()
    assert.equal(await stateOf(instanceId), 'Error')
    await tiny.control(id, 'retry')
    const instance = await findInstance(tiny.db, instanceId)
    assert.deepEqual([instance?.state, instance?.stateReason], ['Running', null])
  })
})

describe('a hand on an Operation', () => {
  const words: Record<OperationAction, string> = {
    pause: 'paused',
    resume: 'resumed',
    cancel: 'cancelled',
    retry: 'retried',
  }
  const lead: Record<OperationAction, (id: OperationId) => Promise<unknown>> = {
    pause: async () => {},
    resume: (id) => tiny.control(id, 'pause'),
    cancel: async () => {},
    retry: () => tiny.work(),
  }

  for (const action of ['pause', 'resume', 'cancel', 'retry'] as const) {
    test(`to ${action} leaves an audit row and an event`, async () => {
      tiny.world.scripts.first = async () => giveUp('A.B', 'No.')
      const { id } = await tiny.begin()
      await lead[action](id)
      await tiny.control(id, action)
      const rows = await tiny.db.selectFrom('audit_events').selectAll().where('operation_id', '=', id).execute()
      assert.ok(rows.some((row) => row.action === `operation.${action}` && row.actor === 'anna'))
      const last = (await listEventsAfter(tiny.db, environmentId, { after: 0, limit: 100 })).at(-1)
      assert.deepEqual([last?.kind, last?.message], [`operation.${action}`, `Make: ${words[action]} by anna`])
    })

    test(`to ${action} is refused to a role without the permission`, async () => {
      const { id } = await tiny.begin()
      const viewer = { ...anna, role: 'viewer' } as const
      await assert.rejects(tiny.control(id, action, viewer), { kind: 'forbidden', code: 'Member.NotPermitted' })
    })

    test(`to ${action} one that is over is refused with the reason, and leaves nothing`, async () => {
      tiny.world.scripts.first = async () => done
      const { id } = await tiny.begin()
      await tiny.work()
      const before = await tiny.get(id)
      const refused = { kind: 'conflict', code: 'Operation.NotAllowed', message: 'The Operation has succeeded.' }
      await assert.rejects(tiny.control(id, action), refused)
      assert.deepEqual(await tiny.get(id), before)
    })
  }

  test('cannot cancel what has no way out', async () => {
    tiny.world.scripts = { first: async () => done, only: async () => wait(1, 'why') }
    const { instanceId } = await tiny.begin()
    await tiny.work()
    const { id } = await tiny.begin(remove, { instanceId })
    await assert.rejects(tiny.control(id, 'cancel'), { message: /cannot be cancelled once it has begun/ })
  })

  test('on an Operation that is not there is not found', async () =>
    assert.rejects(tiny.control('op-0000000000000000' as OperationId, 'pause'), { code: 'Operation.NotFound' }))

  test('is one at a time: of two cancels at the same moment one is refused', async () => {
    const { id } = await tiny.begin()
    const results = await Promise.allSettled([tiny.control(id, 'cancel'), tiny.control(id, 'cancel')])
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })
})
