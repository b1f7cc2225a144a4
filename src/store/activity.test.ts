import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addInstance, addOperation, environmentId, makeStore, second } from '../../test/harness/rows.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import { listActivity } from './activity.ts'
import { insertAuditEvent } from './audit-events.ts'
import type { Database } from './database.ts'
import { insertEvent } from './events.ts'

type Deed = { instanceId: InstanceId; operationId?: OperationId; message: string; at: number; by?: string }

/** An event, with its audit row where somebody did it. */
const record = (db: Database, { instanceId, operationId, message, at, by }: Deed) =>
  db.transaction().execute(async (tx) => {
    const about = { environmentId, instanceId, operationId: operationId ?? null, createdAt: second(at) }
    if (by) {
      const actor = { name: by, role: 'operator' as const, source: null }
      await insertAuditEvent(tx, { ...about, action: 'instance.rename', actor })
    }
    await insertEvent(tx, { ...about, kind: 'instance.renamed', message })
  })

test('an Instance’s activity is its own events, newest first, each with the person behind it', async () => {
  await using store = await makeStore()
  const [mine, other] = [await addInstance(store.db), await addInstance(store.db)]
  const operation = await addOperation(store.db, { instanceId: mine.id, actor: 'ann' })
  await record(store.db, { instanceId: mine.id, operationId: operation.id, message: 'begun', at: 1 })
  await record(store.db, { instanceId: other.id, message: 'elsewhere', at: 1, by: 'eve' })
  await record(store.db, { instanceId: mine.id, message: 'renamed', at: 2, by: 'bob' })
  await record(store.db, { instanceId: mine.id, message: 'seen', at: 3 })
  const { total, list } = await listActivity(store.db, { instanceId: mine.id, page: 1, size: 10 })
  assert.equal(total, 3)
  assert.deepEqual(
    list.map(({ message, actor, operationId }) => [message, actor, operationId]),
    [
      ['seen', null, null],
      ['renamed', 'bob', null],
      ['begun', 'ann', operation.id],
    ],
  )
})

test('activity is cut to pages', async () => {
  await using store = await makeStore()
  const { id } = await addInstance(store.db)
  for (let at = 1; at <= 5; at++) await record(store.db, { instanceId: id, message: `event ${at}`, at })
  const { total, list } = await listActivity(store.db, { instanceId: id, page: 2, size: 2 })
  assert.equal(total, 5)
  assert.deepEqual(
    list.map(({ message }) => message),
    ['event 3', 'event 2'],
  )
})
