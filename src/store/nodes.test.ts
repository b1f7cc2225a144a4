import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addInstance, addNodes, aNode, environmentId, makeStore, second } from '../../test/harness/rows.ts'
import type { Database } from './database.ts'
import {
  countNodesBySubnet,
  deleteNode,
  holdPlacement,
  insertNodes,
  listNodes,
  listNodesOf,
  listTakenSlots,
  updateNodeSeen,
} from './nodes.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

let subnets = 0
/** An Instance with two nodes in a subnet that no other test uses. */
async function twoNodes() {
  const instance = await addInstance(db)
  const subnet = `subnet-${++subnets}`
  const nodes = [1, 2].map((kafkaId) => aNode(instance, kafkaId, { subnet, address: `10.5.${subnets}.${kafkaId}` }))
  await addNodes(db, nodes.toReversed())
  return { instance, subnet, nodes }
}

describe('nodes in the store', () => {
  test('come back as they were written, by their Kafka id', async () => {
    const { instance, nodes } = await twoNodes()
    assert.deepEqual(await listNodes(db, instance.id), nodes)
  })

  test('of many Instances come in one query', async () => {
    const [one, other] = [await twoNodes(), await twoNodes()]
    const listed = await listNodesOf(db, [one.instance.id, other.instance.id])
    assert.deepEqual(
      listed.map(({ id }) => id).toSorted(),
      [...one.nodes, ...other.nodes].map(({ id }) => id).toSorted(),
    )
    assert.deepEqual(await listNodesOf(db, []), [])
  })

  test('keep what was seen of them, and forget the usage of a stopped one', async () => {
    const { instance, nodes } = await twoNodes()
    const usage = { memoryBytes: 2 ** 33, diskBytes: 2 ** 45, startedAt: second(1) }
    const seen = { version: '4.2.1', health: 'running', healthReason: null, usage, observedAt: second(2) } as const
    await updateNodeSeen(db, nodes[1]!, seen)
    assert.deepEqual(await listNodes(db, instance.id), [nodes[0], { ...nodes[1], ...seen }])

    const stopped = { ...seen, health: 'stopped', healthReason: 'The disk is full.', usage: null } as const
    await updateNodeSeen(db, nodes[1]!, stopped)
    assert.deepEqual((await listNodes(db, instance.id))[1], { ...nodes[1], ...stopped })
  })
})

describe('the slot of a node', () => {
  test('is nobody else’s, whatever races', async () => {
    const instances = await Promise.all([1, 2, 3].map(() => addInstance(db)))
    const results = await Promise.allSettled(
      instances.map((instance) => addNodes(db, [aNode(instance, 1, { address: '10.6.0.1' })])),
    )
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected'])
    for (const result of results)
      if (result.status === 'rejected') assert.equal(result.reason.code, 'Instance.AddressTaken')
  })

  test('may share its address with another port', async () => {
    const instance = await addInstance(db)
    await addNodes(db, [
      aNode(instance, 1, { address: '10.6.1.1' }),
      aNode(instance, 2, { address: '10.6.1.1', port: 9192 }),
    ])
    assert.equal((await listNodes(db, instance.id)).length, 2)
  })

  test('is taken while the row stands and free when it is gone', async () => {
    const { instance, subnet } = await twoNodes()
    const taken = () => listTakenSlots(db, environmentId, [subnet])
    const both = [`10.5.${subnets}.1:9092`, `10.5.${subnets}.2:9092`]
    assert.deepEqual((await taken()).toSorted(), both)
    assert.equal((await countNodesBySubnet(db, environmentId)).get(subnet), 2)

    await db.transaction().execute((tx) => deleteNode(tx, instance.id, 1))
    assert.deepEqual(await taken(), [both[1]])
    await db.transaction().execute((tx) => deleteNode(tx, instance.id, 1))
    await db.transaction().execute((tx) => deleteNode(tx, instance.id, 2))
    assert.deepEqual(await taken(), [])
    assert.equal((await countNodesBySubnet(db, environmentId)).get(subnet), undefined)
    assert.deepEqual(await listTakenSlots(db, environmentId, []), [])
  })
})

describe('placement', () => {
  test('is one at a time: the second sees what the first took', async () => {
    const place = async (name: string, order: string[]) => {
      const instance = await addInstance(db)
      await db.transaction().execute(async (tx) => {
        await holdPlacement(tx, environmentId)
        const taken = await listTakenSlots(tx, environmentId, ['subnet-turns'])
        order.push(`${name} sees ${taken.length}`)
        await insertNodes(tx, [aNode(instance, 1, { subnet: 'subnet-turns', address: `10.7.0.${taken.length + 1}` })])
      })
    }
    const order: string[] = []
    await Promise.all(['one', 'two', 'three'].map(() => place('it', order)))
    assert.deepEqual(order, ['it sees 0', 'it sees 1', 'it sees 2'])
  })
})
