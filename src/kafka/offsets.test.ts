import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { apiKeys, listOffsets, makeScriptedBroker, metadata } from '../../test/harness/scripted-broker.ts'
import { offsetsAt, withLeaders } from './offsets.ts'

const id = Buffer.alloc(16, 7).toString('base64url')
const orders = { name: 'orders', id, leaders: [1, 1, 2, -1], replicas: [1, 2] }
const gone = { name: 'gone', id, leaders: [], replicas: [], error: 3 }
const hidden = { name: 'hidden', id, leaders: [], replicas: [], error: 29 }
const place = (partition: number, topic = 'orders') => ({ topic, partition })
const notTheLeader = 6

describe('the first record at a time', () => {
  test('is null where there is none, and absent where the leader does not tell', async () => {
    await using first = await makeScriptedBroker(1, {
      [apiKeys.metadata]: () => metadata([orders]),
      [apiKeys.listOffsets]: () =>
        listOffsets('orders', [
          [0, -1],
          [1, -1, notTheLeader],
        ]),
    })
    await using second = await makeScriptedBroker(2, {})
    const found = await offsetsAt(
      [first, second],
      [0, 1, 2, 3].map((partition) => place(partition)),
      new Date(0),
    )
    assert.deepEqual([...found], [['orders 0', null]])
  })
})

test('partitions that are gone have no leader to be asked; of others it may be unknown', async () => {
  await using broker = await makeScriptedBroker(1, { [apiKeys.metadata]: () => metadata([orders, gone, hidden]) })
  const asked = [place(0), place(3), place(4), place(0, 'gone'), place(0, 'hidden')]
  assert.deepEqual(await withLeaders([broker], asked), [
    { ...place(0), leader: 1 },
    { ...place(3), leader: -1 },
    { ...place(0, 'hidden'), leader: -1 },
  ])
})
