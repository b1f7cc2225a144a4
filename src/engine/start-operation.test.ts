import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { anna, make, makeTinyEngine, mend, remove, type TinyEngine } from '../../test/harness/tiny-engine.ts'
import { environmentId, second } from '../../test/harness/rows.ts'
import type { InstanceId } from '../domain/id.ts'
import { instanceStates, type InstanceState } from '../domain/instance.ts'
import type { Operation } from '../domain/operation.ts'
import { eventRange, listEventsAfter } from '../store/events.ts'
import { findInstance } from '../store/instances.ts'
import { listSteps } from '../store/steps.ts'
import { done, giveUp, wait } from './outcome.ts'
import { makeRegistry } from './registry.ts'
import { startOperation } from './start-operation.ts'

let tiny: TinyEngine
before(async () => void (tiny = await makeTinyEngine()))
after(() => tiny[Symbol.asyncDispose]())
beforeEach(() => (tiny.world.scripts = { first: async () => done, only: async () => wait(1, 'why') }))

const rowCounts = async () => {
  const tables = ['instances', 'nodes', 'operations', 'steps', 'events', 'audit_events'] as const
  const counts = await Promise.all(
    tables.map((table) =>
      tiny.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .execute(),
    ),
  )
  return counts.map(([row]) => row?.count)
}
const audit = (instanceId: InstanceId) =>
  tiny.db.selectFrom('audit_events').selectAll().where('instance_id', '=', instanceId).orderBy('id').execute()
const events = async (instanceId: InstanceId) => {
  const { oldest } = await eventRange(tiny.db)
  const told = await listEventsAfter(tiny.db, environmentId, { after: oldest - 1, limit: 1_000 })
  return told.filter((event) => event.instanceId === instanceId)
}
const running = async () => {
  const { instanceId } = await tiny.begin()
  await tiny.work()
  return instanceId
}
const inState = async (state: InstanceState) => {
  const instanceId = await running()
  const deletedAt = state === 'Deleted' ? second(0) : null
  await tiny.db.updateTable('instances').set({ state, deleted_at: deletedAt }).where('id', '=', instanceId).execute()
  return instanceId
}

describe('the birth of an Operation', () => {
  test('is one set of rows: Instance, Operation, first visit, audit and event', async () => {
    tiny.pass(5)
    const operation = await tiny.begin()
    const { id: operationId, instanceId } = operation
    assert.deepEqual(await tiny.get(operationId), operation)
    assert.deepEqual(
      [operation.kind, operation.outcome, operation.step, operation.actor, operation.runAt, operation.deadlineAt],
      ['make', 'active', 'first', 'anna', tiny.now(), second(65)],
    )
    assert.equal((await findInstance(tiny.db, instanceId))?.state, 'Creating')
    assert.deepEqual(
      (await listSteps(tiny.db, operationId)).map(({ name, attempts }) => [name, attempts]),
      [['first', 0]],
    )
    const [entry, ...others] = await audit(instanceId)
    assert.deepEqual(others, [])
    assert.deepEqual(
      [entry?.action, entry?.actor, entry?.source, entry?.operation_id, entry?.created_at],
      ['instance.make', 'anna', '192.0.2.1', operationId, tiny.now()],
    )
    assert.deepEqual(entry?.detail, { before: null, after: operation.input })
    assert.deepEqual(
      (await events(instanceId)).map(({ kind, message, operationId: of }) => [kind, message, of]),
      [['operation.started', 'Make: begun by anna', operationId]],
    )
  })

  test('leaves nothing when its transaction is undone', async () => {
    const before = await rowCounts()
    const request = { environmentId, input: {}, context: {}, actor: anna, now: tiny.now(), random: tiny.engine.chance }
    const random = (bytes: number) => new Uint8Array(bytes).fill(7)
    const undone = tiny.db.transaction().execute(async (tx) => {
      await startOperation(tx, make, { ...request, random })
      throw new Error('undo')
    })
    await assert.rejects(undone, /undo/)
    assert.deepEqual(await rowCounts(), before)
  })

  test('is refused to a role without the permission, and leaves nothing', async () => {
    const instanceId = await running()
    const before = await rowCounts()
    const viewer = { ...anna, role: 'viewer' } as const
    const forbidden = { kind: 'forbidden', code: 'Member.NotPermitted', message: /permission instance:create/ }
    await assert.rejects(tiny.begin(make, { actor: viewer }), forbidden)
    await assert.rejects(tiny.begin(remove, { actor: viewer, instanceId }), { kind: 'forbidden' })
    assert.deepEqual(await rowCounts(), before)
  })

  test('on an Instance that is not there is not found', async () => {
    const instanceId = 'kf-0000000000000000' as InstanceId
    await assert.rejects(tiny.begin(remove, { instanceId }), { kind: 'not-found', code: 'Instance.NotFound' })
    await assert.rejects(tiny.begin(remove, { instanceId: await inState('Deleted') }), { kind: 'not-found' })
  })
})

describe('the state of the Instance', () => {
  for (const state of instanceStates.filter((one) => one !== 'Deleted')) {
    const isOpen = state !== 'Deleting'
    test(`${isOpen ? 'lets' : 'does not let'} a delete begin in ${state}`, async () => {
      const instanceId = await inState(state)
      const begun = tiny.begin(remove, { instanceId })
      if (!isOpen) return await assert.rejects(begun, { kind: 'conflict', code: 'Instance.NotRunning' })
      await begun
      const instance = await findInstance(tiny.db, instanceId)
      return assert.deepEqual([instance?.state, instance?.stateReason], ['Deleting', null])
    })
  }

  test('stays as it is while an Operation runs that leaves it alone', async () => {
    const instanceId = await running()
    await tiny.begin(mend, { instanceId })
    assert.equal((await findInstance(tiny.db, instanceId))?.state, 'Running')
  })
})

describe('one change at a time', () => {
  test('a busy Instance names the Operation in the way', async () => {
    const { id, instanceId } = await tiny.begin()
    const busy = {
      kind: 'conflict',
      code: 'Instance.Busy',
      detail: id,
      message: RegExp(`Operation ${id} \\(make, at step`),
    }
    await assert.rejects(tiny.begin(mend, { instanceId }), busy)
  })

  test('of several that begin at the same moment one is begun', async () => {
    const instanceId = await running()
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => tiny.begin(remove, { instanceId })))
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 3)
    for (const { reason } of refused) assert.equal(reason.code, 'Instance.Busy')
    assert.equal((await audit(instanceId)).filter(({ action }) => action === 'instance.remove').length, 1)
  })

  test('a failed Operation gives way to a delete, and the feed is told', async () => {
    tiny.world.scripts.first = async () => giveUp('A.B', 'No.')
    const failed = await tiny.begin()
    await tiny.work()
    const removal = await tiny.begin(remove, { instanceId: failed.instanceId })
    const { outcome, error, endedAt } = await tiny.get(failed.id)
    assert.deepEqual([outcome, error?.message, endedAt], ['cancelled', 'No.', tiny.now()])
    assert.equal((await tiny.get(removal.id)).outcome, 'active')
    const told = (await events(failed.instanceId)).filter(({ operationId }) => operationId === failed.id)
    assert.equal(told.at(-1)?.kind, 'operation.cancelled')
    assert.match(told.at(-1)?.message ?? '', /Remove takes its place/)
  })

  test('a standing duty’s work gives way while it runs, and can write nothing more', async () => {
    const instanceId = await running()
    await replaceAtWork(() => tiny.begin(mend, { instanceId }), 'only')
  })

  test('all work gives way to a delete while it runs, and can write nothing more', async () => {
    await replaceAtWork(() => tiny.begin(), 'first')
  })

  test('a delete that is under way is in the way of another', async () => {
    tiny.world.scripts.only = async () => wait(60, 'removing')
    const instanceId = await running()
    const { id } = await tiny.begin(remove, { instanceId })
    await tiny.work()
    await assert.rejects(tiny.begin(remove, { instanceId }), { code: 'Instance.Busy', detail: id })
  })

  async function replaceAtWork(begin: () => Promise<Operation>, step: 'only' | 'first'): Promise<void> {
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    tiny.world.scripts.only = async () => wait(60, 'removing')
    tiny.world.scripts[step] = async (op) => {
      if (op.operationId !== replaced.id) return wait(60, 'removing')
      begun.resolve()
      await finish.promise
      await assert.rejects(
        op.write(async () => {}),
        { code: 'Lease.Overtaken' },
      )
      return done
    }
    const replaced = await begin()
    const { instanceId } = replaced
    const working = tiny.work()
    await begun.promise
    const removal = await tiny.begin(remove, { instanceId })
    assert.equal((await findInstance(tiny.db, instanceId))?.state, 'Deleting')
    finish.resolve()
    await working
    assert.equal((await tiny.get(replaced.id)).outcome, 'cancelled')
    assert.equal((await tiny.get(removal.id)).outcome, 'active')
    assert.equal((await findInstance(tiny.db, instanceId))?.state, 'Deleting')
    assert.deepEqual(
      (await listSteps(tiny.db, replaced.id)).map(({ outcome }) => outcome),
      ['cancelled'],
    )
  }
})

test('two kinds of Operation never have one name', () =>
  assert.throws(() => makeRegistry([make, remove, { ...mend, kind: 'make' }]), /one kind/))
