import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addInstance, addOperation, environmentId, makeStore, second, start } from '../../test/harness/rows.ts'
import type { OperationId } from '../domain/id.ts'
import { operationOutcomes, operationStatus, operationStatuses, type Operation } from '../domain/operation.ts'
import type { Database } from './database.ts'
import {
  findOpenOperation,
  findOperation,
  getOperation,
  listDurations,
  listOpenOperations,
  listOperations,
  lockOperation,
  replaceOperation,
  updateOperationControl,
  type OperationControl,
  type OperationQuery,
} from './operations.ts'
import { listSteps, recordAttempt, closeStep, insertStep } from './steps.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

const nothing = 'op-0000000000000000' as OperationId
const notFound = { kind: 'not-found', code: 'Operation.NotFound' }

describe('an Operation in the store', () => {
  test('comes back as it was written', async () => {
    const operation = await addOperation(db, {
      outcome: 'failed',
      notes: { restarts: 2, canary: { partitions: 3 } },
      input: { name: '订单', networks: [] },
      waitingReason: null,
      failures: 4,
      error: { code: 'Node.Refused', message: 'No.', detail: 'node 2' },
      runAt: second(9),
      pausedAt: second(1),
      cancelRequestedAt: second(2),
      deadlineAt: second(60),
      isOverdue: true,
      givesWay: true,
      endedAt: second(5),
    })
    assert.deepEqual(await getOperation(db, operation.id), operation)
    assert.deepEqual(await findOperation(db, operation.id), operation)
    assert.deepEqual(await db.transaction().execute((tx) => lockOperation(tx, operation.id)), operation)
  })

  test('that is not there is not found', async () => {
    assert.equal(await findOperation(db, nothing), undefined)
    await assert.rejects(getOperation(db, nothing), notFound)
    await assert.rejects(
      db.transaction().execute((tx) => lockOperation(tx, nothing)),
      notFound,
    )
  })
})

describe('the open Operation of an Instance', () => {
  for (const outcome of operationOutcomes) {
    const isOpen = outcome === 'active' || outcome === 'failed'
    test(`is ${isOpen ? '' : 'not '}one that is ${outcome}`, async () => {
      const operation = await addOperation(db, { outcome })
      assert.deepEqual(await findOpenOperation(db, operation.instanceId), isOpen ? operation : undefined)
    })
  }

  test('is the only one, also when two transactions begin one', async () => {
    const { id: instanceId } = await addInstance(db)
    const results = await Promise.allSettled([1, 2, 3].map(() => addOperation(db, { instanceId })))
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected'])
    await assert.rejects(addOperation(db, { instanceId, outcome: 'failed' }), { constraint: 'operations_open' })
    await addOperation(db, { instanceId, outcome: 'succeeded' })
  })

  test('leaves room when it is replaced', async () => {
    const { id, instanceId } = await addOperation(db)
    await db.transaction().execute((tx) => replaceOperation(tx, id, second(3)))
    const { outcome, endedAt } = await getOperation(db, id)
    assert.deepEqual([outcome, endedAt], ['cancelled', second(3)])
    await addOperation(db, { instanceId })
  })

  test('is found for many Instances in one query', async () => {
    const [one, other] = [await addOperation(db), await addOperation(db, { outcome: 'failed' })]
    const over = await addOperation(db, { outcome: 'succeeded' })
    const open = await listOpenOperations(db, [one.instanceId, other.instanceId, over.instanceId])
    assert.deepEqual(open.map(({ id }) => id).toSorted(), [one.id, other.id].toSorted())
    assert.deepEqual(await listOpenOperations(db, []), [])
  })
})

describe('a person’s hand on an Operation', () => {
  const changed = async (before: Partial<Operation>, control: OperationControl) => {
    const { id } = await addOperation(db, before)
    await db.transaction().execute((tx) => updateOperationControl(tx, id, control))
    return await getOperation(db, id)
  }

  test('writes what it changes and nothing else', async () => {
    const before = { failures: 3, waitingReason: 'why', error: { code: 'A.B', message: 'm' }, isOverdue: true } as const
    const { pausedAt, ...rest } = await changed(before, { pausedAt: second(1) })
    assert.deepEqual(pausedAt, second(1))
    assert.deepEqual({ ...rest, ...before }, rest)
  })

  test('can take back what it wrote', async () => {
    const before: Partial<Operation> = {
      outcome: 'failed',
      pausedAt: start,
      failures: 3,
      error: { code: 'A.B', message: 'm' },
      endedAt: start,
    }
    const again: OperationControl = {
      outcome: 'active',
      pausedAt: null,
      failures: 0,
      error: null,
      endedAt: null,
      runAt: second(7),
    }
    const now = await changed(before, again)
    assert.deepEqual({ ...now, ...again }, now)
  })

  test('with a new deadline takes the lateness away', async () => {
    const { deadlineAt, isOverdue } = await changed({ deadlineAt: start, isOverdue: true }, { deadlineAt: second(9) })
    assert.deepEqual([deadlineAt, isOverdue], [second(9), false])
  })
})

describe('the list of Operations', () => {
  const inOrder = { environmentId: 'env-list', page: 1, size: 100 }
  const ask = (query: Partial<OperationQuery> = {}) => listOperations(db, { ...inOrder, ...query })
  let all: Operation[]

  /** Every combination of what a status is made of. */
  const combinations = operationOutcomes.flatMap((outcome) =>
    [null, start].flatMap((pausedAt) =>
      [null, start].flatMap((cancelRequestedAt) =>
        [0, 1].flatMap((failures) =>
          [null, '', 'why'].map((waitingReason) => ({ outcome, pausedAt, cancelRequestedAt, failures, waitingReason })),
        ),
      ),
    ),
  )

  before(async () => {
    const environment = { id: inOrder.environmentId, provider: 'simulated', created_at: start }
    await db.insertInto('environments').values(environment).execute()
    all = []
    for (const [index, fields] of combinations.entries()) {
      const { id: instanceId } = await addInstance(db, { environmentId: inOrder.environmentId })
      const kind = index % 3 === 0 ? 'delete-instance' : 'create-instance'
      const more = { ...fields, instanceId, kind, environmentId: inOrder.environmentId, createdAt: second(index) }
      all.push(await addOperation(db, more))
    }
  })

  for (const status of operationStatuses) {
    test(`filtered by ${status} shows exactly those whose status that is`, async () => {
      const { total, list } = await ask({ statuses: [status] })
      const wanted = all.filter((operation) => operationStatus(operation) === status)
      assert.ok(wanted.length > 0)
      assert.equal(total, wanted.length)
      assert.deepEqual(list, wanted.toReversed())
    })
  }

  test('filtered by several statuses shows each of them', async () => {
    const { total } = await ask({ statuses: ['Failed', 'Paused'] })
    assert.equal(total, all.filter((one) => ['Failed', 'Paused'].includes(operationStatus(one))).length)
    assert.equal((await ask({ statuses: [...operationStatuses] })).total, all.length)
    assert.equal((await ask({ statuses: [] })).total, all.length)
  })

  test('is newest first, in pages', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => ask({ page, size: 40 })))
    assert.deepEqual(
      pages.flatMap(({ list }) => list.map(({ id }) => id)),
      all.toReversed().map(({ id }) => id),
    )
    assert.ok(pages.every(({ total }) => total === all.length))
  })

  test('is of one Instance or of one kind when asked', async () => {
    const [first] = all
    assert.deepEqual((await ask({ instanceId: first!.instanceId })).list, [first])
    assert.equal((await ask({ kind: 'delete-instance' })).total, combinations.length / 3)
    assert.equal((await listOperations(db, { ...inOrder, environmentId, kind: 'delete-instance' })).total, 0)
  })
})

describe('durations', () => {
  test('are of the newest successes of the kind, newest first', async () => {
    const took = async (createdAt: number, seconds: number, more: Partial<Operation> = {}) =>
      addOperation(db, {
        kind: 'timed',
        outcome: 'succeeded',
        createdAt: second(createdAt),
        endedAt: second(createdAt + seconds),
        ...more,
      })
    await took(1, 10)
    await took(2, 20.5)
    await took(3, 30)
    await took(4, 99, { outcome: 'cancelled' })
    await took(5, 99, { kind: 'other' })
    assert.deepEqual(await listDurations(db, environmentId, { kinds: ['timed'], limit: 2 }), [30, 20.5])
    assert.deepEqual(await listDurations(db, environmentId, { kinds: ['unknown'], limit: 2 }), [])
  })
})

describe('the timeline of an Operation', () => {
  const attempt = { outcome: 'running', waitingReason: null, error: null, now: second(1) } as const

  test('begins with an open visit that has not run', async () => {
    const { id, step } = await addOperation(db)
    const visit = { operationId: id, seq: 1, name: step, outcome: 'running', attempts: 0, startedAt: start }
    assert.deepEqual(await listSteps(db, id), [{ ...visit, waitingReason: null, error: null, endedAt: null }])
  })

  test('counts runs, keeps the last words and the last error, and closes a visit once', async () => {
    const { id } = await addOperation(db)
    const error = { code: 'A.B', message: 'm' }
    await db.transaction().execute(async (tx) => {
      await recordAttempt(tx, id, { ...attempt, waitingReason: 'one' })
      await recordAttempt(tx, id, { ...attempt, error })
      await recordAttempt(tx, id, { ...attempt, waitingReason: 'two' })
      await recordAttempt(tx, id, { ...attempt, outcome: 'next', now: second(4) })
      await recordAttempt(tx, id, { ...attempt, outcome: 'failed', now: second(9) })
      await closeStep(tx, id, { outcome: 'cancelled', now: second(9) })
    })
    const [{ attempts, waitingReason, outcome, endedAt, ...rest } = assert.fail('no visit')] = await listSteps(db, id)
    assert.deepEqual([attempts, waitingReason, outcome, endedAt], [4, 'two', 'next', second(4)])
    assert.deepEqual(rest.error, error)
  })

  test('has a number for each visit, also when a step is visited again', async () => {
    const { id } = await addOperation(db, { step: 'one' })
    for (const name of ['two', 'one']) {
      await db.transaction().execute(async (tx) => {
        await closeStep(tx, id, { outcome: 'next', now: second(2) })
        await insertStep(tx, id, { name, now: second(2) })
      })
    }
    assert.deepEqual(
      (await listSteps(db, id)).map(({ seq, name, outcome }) => [seq, name, outcome]),
      [
        [1, 'one', 'next'],
        [2, 'two', 'next'],
        [3, 'one', 'running'],
      ],
    )
  })
})
