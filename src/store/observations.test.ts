import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addInstance, addNodes, aNode, makeStore, second } from '../../test/harness/rows.ts'
import type { TestDatabase } from '../../test/harness/database.ts'
import type { Database } from './database.ts'
import { getInstance, holdInstance } from './instances.ts'
import { listNodes } from './nodes.ts'
import { recordInstancesLooked, recordNodesSeen, recordStatistics } from './observations.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

let addresses = 0
async function addOne() {
  const instance = await addInstance(db)
  const nodes = [1, 2].map((kafkaId) => aNode(instance, kafkaId, { address: `10.7.0.${++addresses}` }))
  await addNodes(db, nodes)
  return { instance, nodes }
}

const usage = { memoryBytes: 2 ** 33, diskBytes: 2 ** 45, startedAt: second(1) }
const running = { version: '4.2.1', health: 'running', healthReason: null, usage, observedAt: second(2) } as const
const stopped = { ...running, health: 'stopped', healthReason: 'The disk is full.', usage: null } as const

describe('what was seen of many', () => {
  test('nodes is kept for each of them, and of no other', async () => {
    const [one, other] = [await addOne(), await addOne()]
    await recordNodesSeen(db, [
      { id: one.nodes[0]!.id, ...running },
      { id: other.nodes[1]!.id, ...stopped },
    ])
    assert.deepEqual(await listNodes(db, one.instance.id), [{ ...one.nodes[0], ...running }, one.nodes[1]])
    assert.deepEqual(await listNodes(db, other.instance.id), [other.nodes[0], { ...other.nodes[1], ...stopped }])
  })

  test('Instances is no change of them', async () => {
    const [one, other] = [await addOne(), await addOne()]
    const statistics = { topicCount: 1, partitionCount: 2, consumerGroupCount: 3, storageSize: 2 ** 45 }
    await recordInstancesLooked(db, [
      { id: one.instance.id, observedAt: second(7) },
      { id: other.instance.id, observedAt: second(8) },
    ])
    await recordStatistics(db, [{ id: one.instance.id, statistics }])
    assert.deepEqual(await getInstance(db, one.instance.id), { ...one.instance, observedAt: second(7), statistics })
    assert.deepEqual(await getInstance(db, other.instance.id), { ...other.instance, observedAt: second(8) })
  })

  test('waits for nobody: a row that is being written is left out', async () => {
    const [held, free] = [await addOne(), await addOne()]
    await db.transaction().execute(async (tx) => {
      await holdInstance(tx, held.instance.id)
      await recordInstancesLooked(
        db,
        [held, free].map(({ instance }) => ({ id: instance.id, observedAt: second(9) })),
      )
    })
    assert.deepEqual((await getInstance(db, held.instance.id)).observedAt, held.instance.observedAt)
    assert.deepEqual((await getInstance(db, free.instance.id)).observedAt, second(9))
  })

  test('nobody writes nothing', async () => {
    await Promise.all([recordNodesSeen(db, []), recordInstancesLooked(db, []), recordStatistics(db, [])])
  })
})
