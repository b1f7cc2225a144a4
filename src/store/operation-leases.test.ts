import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addOperation, makeStore, second, start } from '../../test/harness/rows.ts'
import type { OperationId } from '../domain/id.ts'
import type { Operation } from '../domain/operation.ts'
import type { Database } from './database.ts'
import { listen } from './listen.ts'
import {
  claimDueOperations,
  holdsLease,
  nextDueAt,
  notifyWorkers,
  releaseLease,
  releaseLeasesOf,
  renewLease,
  storePosition,
  wakeChannel,
  type Claim,
  type Lease,
  type Position,
} from './operation-leases.ts'
import { getOperation, replaceOperation, updateOperationControl, type OperationControl } from './operations.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())
// What is due is due for every test: each begins with nothing due.
beforeEach(() => db.updateTable('operations').set({ outcome: 'succeeded' }).execute())

const leaseMs = 10_000
const claim = (more: Partial<Claim> = {}) =>
  claimDueOperations(db, { owner: 'me', now: second(5), leaseMs, limit: 100, ...more })
const ids = (leases: Lease[]) => leases.map(({ operation }) => operation.id)

async function leased(more: Partial<Operation> = {}): Promise<Lease> {
  await addOperation(db, more)
  const [lease] = await claim()
  assert.ok(lease)
  return lease
}

const positionOf = ({ operation, isCancelling }: Lease, more: Partial<Position> = {}): Position => ({
  ...operation,
  isCancelling,
  lease: 'release',
  runAt: second(60),
  ...more,
})
const put = (lease: Lease, more: Partial<Position> = {}) =>
  db.transaction().execute((tx) => storePosition(tx, lease, positionOf(lease, more)))
const control = (id: OperationId, change: OperationControl) =>
  db.transaction().execute((tx) => updateOperationControl(tx, id, change))

describe('claiming', () => {
  test('takes what is due, active, not paused and nobody’s', async () => {
    const due = await addOperation(db)
    await addOperation(db, { runAt: second(6) })
    await addOperation(db, { pausedAt: start })
    await addOperation(db, { outcome: 'failed' })
    await addOperation(db, { outcome: 'cancelled' })
    assert.deepEqual(ids(await claim()), [due.id])
    assert.deepEqual(await claim(), [])
  })

  test('takes the longest due first, and never more than its limit', async () => {
    const waiting: Operation[] = []
    for (const runAt of [4, 1, 3, 2, 0]) waiting.push(await addOperation(db, { runAt: second(runAt) }))
    const inTurn = waiting.toSorted((a, b) => a.runAt.getTime() - b.runAt.getTime()).map(({ id }) => id)
    assert.deepEqual(ids(await claim({ limit: 2 })).toSorted(), inTurn.slice(0, 2).toSorted())
    assert.deepEqual(ids(await claim({ limit: 2 })).toSorted(), inTurn.slice(2, 4).toSorted())
    assert.deepEqual(ids(await claim({ limit: 2 })), inTurn.slice(4))
  })

  test('gives each Operation to one of many workers, and all are given', async () => {
    for (let index = 0; index < 30; index++) await addOperation(db)
    const claims = await Promise.all(Array.from({ length: 10 }, (_, index) => claim({ owner: `w${index}`, limit: 7 })))
    const taken = claims.flatMap(ids)
    assert.equal(new Set(taken).size, taken.length)
    const rest = ids(await claim())
    assert.equal(taken.length + rest.length, 30)
  })

  test('does not wait for one who holds the row', async () => {
    const { id } = await addOperation(db)
    await db.transaction().execute(async (tx) => {
      await tx.selectFrom('operations').select('id').where('id', '=', id).forUpdate().execute()
      assert.deepEqual(await claim(), [])
    })
    assert.deepEqual(ids(await claim()), [id])
  })

  test('takes over when the lease is over, with a greater epoch', async () => {
    const first = await leased()
    assert.deepEqual(await claim({ owner: 'other', now: second(15) }), [])
    const [successor] = await claim({ owner: 'other', now: second(15.001) })
    assert.equal(successor?.operation.id, first.operation.id)
    assert.ok(successor.epoch > first.epoch)
  })

  test('gives every lease an epoch of its own', async () => {
    for (let index = 0; index < 5; index++) await addOperation(db)
    const epochs = (await claim()).map(({ epoch }) => epoch)
    assert.equal(new Set(epochs).size, 5)
  })
})

describe('an overtaken worker', () => {
  const overtaken = async () => {
    const old = await leased()
    const [current] = await claim({ owner: 'other', now: second(100) })
    return { old, current: current! }
  }

  test('writes nothing, neither keeping nor giving back', async () => {
    const { old, current } = await overtaken()
    for (const lease of ['keep', 'release'] as const)
      assert.equal(await put(old, { lease, step: 'from-the-grave', outcome: 'succeeded' }), undefined)
    assert.deepEqual(await getOperation(db, old.operation.id), current.operation)
    assert.ok(await put(current, { step: 'onward' }))
  })

  test('neither holds nor renews its lease, and cannot give back another’s', async () => {
    const { old, current } = await overtaken()
    const holds = ({ operation, epoch }: Lease) => db.transaction().execute((tx) => holdsLease(tx, operation.id, epoch))
    assert.deepEqual([await holds(old), await holds(current)], [false, true])
    assert.deepEqual(await renewLease(db, old, second(500)), false)
    await releaseLease(db, old.operation.id, old.epoch)
    assert.ok(await holds(current))
  })

  test('includes one whose Operation was replaced by another', async () => {
    const lease = await leased()
    await db.transaction().execute((tx) => replaceOperation(tx, lease.operation.id, second(6)))
    assert.equal(await put(lease, { step: 'onward' }), undefined)
    assert.equal((await getOperation(db, lease.operation.id)).outcome, 'cancelled')
  })
})

describe('a lease', () => {
  test('lasts longer when it is renewed', async () => {
    const { operation, epoch } = await leased()
    assert.ok(await renewLease(db, { operation, epoch }, second(30)))
    assert.deepEqual(await claim({ now: second(29) }), [])
    assert.deepEqual(ids(await claim({ now: second(31) })), [operation.id])
  })

  test('that was given back is not taken up again by a late renewal', async () => {
    const { operation, epoch } = await leased()
    await releaseLease(db, operation.id, epoch)
    assert.ok(!(await renewLease(db, { operation, epoch }, second(30))))
    assert.deepEqual(ids(await claim()), [operation.id])
  })

  test('of a dead predecessor is freed at once; those of others stay', async () => {
    const dead = await leased()
    await addOperation(db)
    const [living] = await claim({ owner: 'other' })
    await releaseLeasesOf(db, 'me')
    assert.deepEqual(ids(await claim({ owner: 'me' })), [dead.operation.id])
    assert.ok(await put(living!, {}))
  })

  test('that is kept goes on with what was written', async () => {
    const lease = await leased()
    const kept = await put(lease, { lease: 'keep', step: 'onward', notes: { found: 1 } })
    assert.deepEqual([kept?.operation.step, kept?.operation.notes, kept?.epoch], ['onward', { found: 1 }, lease.epoch])
    assert.deepEqual(await claim(), [])
  })
})

describe('a position', () => {
  test('is stored whole and runs again when it says', async () => {
    const lease = await leased()
    const position = {
      step: 'onward',
      notes: { a: [1] },
      waitingReason: 'why',
      failures: 2,
      error: { code: 'A.B', message: 'm' },
      deadlineAt: second(99),
      isOverdue: true,
      isCancelling: true,
    }
    const stored = await put(lease, { ...position, runAt: second(60) })
    const { isCancelling, ...fields } = position
    assert.deepEqual(stored?.operation, { ...lease.operation, ...fields, runAt: second(60) })
    assert.deepEqual(await claim({ now: second(59) }), [])
    const [again] = await claim({ now: second(60) })
    assert.equal(again?.isCancelling, isCancelling)
  })

  test('does not put off a wake-up that came while the step ran', async () => {
    const lease = await leased()
    await control(lease.operation.id, { runAt: second(6) })
    await put(lease, { runAt: second(600) })
    assert.deepEqual(ids(await claim({ now: second(6) })), [lease.operation.id])
  })

  test('does not put off a cancel, also one of the very moment in which the step was due', async () => {
    const lease = await leased()
    await control(lease.operation.id, { cancelRequestedAt: start, runAt: lease.operation.runAt })
    await put(lease, { runAt: second(600), failures: 3 })
    assert.deepEqual(ids(await claim({ now: second(6) })), [lease.operation.id])
  })

  test('on the way of a cancel waits as any other', async () => {
    const lease = await leased({ cancelRequestedAt: start })
    await put(lease, { isCancelling: true, runAt: second(600) })
    assert.deepEqual(await claim({ now: second(599) }), [])
  })

  test('leaves a pause that came while the step ran', async () => {
    const lease = await leased()
    await control(lease.operation.id, { pausedAt: second(5) })
    const kept = await put(lease, { lease: 'keep', step: 'onward' })
    assert.deepEqual(kept?.operation.pausedAt, second(5))
    await put(kept, { pausedAt: null })
    assert.deepEqual(await claim({ now: second(999) }), [])
  })

  for (const [what, position] of Object.entries({
    pauses: { pausedAt: second(5) },
    fails: { outcome: 'failed' as const },
  })) {
    test(`that ${what} is due once more, to be tended`, async () => {
      const lease = await leased()
      await put(lease, position)
      assert.deepEqual(ids(await claim({ now: second(999) })), [lease.operation.id])
    })
  }
})

describe('the next due time', () => {
  test('is nothing when nothing is due by itself', async () => {
    await addOperation(db, { pausedAt: start })
    await addOperation(db, { outcome: 'failed' })
    assert.equal(await nextDueAt(db), undefined)
  })

  test('is the first run, or the end of a lease that stands before it', async () => {
    await addOperation(db, { runAt: second(50) })
    assert.deepEqual(await nextDueAt(db), second(50))
    await leased({ runAt: second(2) })
    assert.deepEqual(await nextDueAt(db), second(15))
    await addOperation(db, { runAt: second(7) })
    assert.deepEqual(await nextDueAt(db), second(7))
  })
})

test('workers are told when the transaction commits, and not when it is undone', async () => {
  const heard: string[] = []
  const connected = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const listener = listen({
    connection: store.connection,
    channel: wakeChannel,
    onConnected: connected.resolve,
    onNotification: (payload) => {
      heard.push(payload)
      if (payload === 'end') told.resolve()
    },
  })
  await connected.promise
  const undone = db.transaction().execute(async (tx) => {
    await notifyWorkers(tx)
    throw new Error('undo')
  })
  await assert.rejects(undone, /undo/)
  await db.transaction().execute((tx) => notifyWorkers(tx))
  await sql`select pg_notify(${wakeChannel}, 'end')`.execute(db)
  await told.promise
  assert.deepEqual(heard, ['', 'end'])
  await listener.close()
})
