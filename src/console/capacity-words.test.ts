import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capacityWords, reservedWords } from './capacity-words.ts'

const networks = [{ zone: 'a' }]

test('AKU are told with the nodes that carry them', () => {
  const instance = { spec: { reservedAku: 6, networks, dataBuckets: [] }, nodeCount: 3 }
  assert.deepEqual([reservedWords(instance), capacityWords(instance)], ['6 AKU', '6 AKU on 3 nodes'])
})

test('nodes that are counted are told alone', () => {
  const spec = { pricingMode: 'UsageBased', reservedNodeCount: 5, networks, dataBuckets: [] }
  assert.deepEqual([reservedWords({ spec }), capacityWords({ spec, nodeCount: 4 })], ['5 nodes', '5 nodes'])
})
