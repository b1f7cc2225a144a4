import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiKeys, listedGroups, logDirs, makeScriptedBroker, metadata } from '../../test/harness/scripted-broker.ts'
import { statistics } from './statistics.ts'

const topic = (name: string) => ({ name, id: Buffer.alloc(16).toString('base64url'), leaders: [1, 1], replicas: [1] })
const topics = ['orders', '__CruiseControlMetrics', '__consumer_offsets', '__millrace_canary'].map(topic)

const whole = {
  [apiKeys.metadata]: () => metadata(topics),
  [apiKeys.listGroups]: () => listedGroups([{ groupId: 'billing', type: 'classic' }]),
  [apiKeys.logDirs]: () => logDirs('orders', [100, 20]),
}

test("the team's own topics are counted, and what every broker tells is added up", async () => {
  await using first = await makeScriptedBroker(1, whole)
  await using second = await makeScriptedBroker(2, whole)
  const sums = { consumerGroupCount: 2, storageSize: 240 }
  assert.deepEqual(await statistics([first, second]), { topicCount: 2, partitionCount: 4, ...sums })
})

test('what one broker does not tell is absent, and the others are counted all the same', async () => {
  await using mute = await makeScriptedBroker(1, { [apiKeys.listGroups]: whole[apiKeys.listGroups] })
  await using second = await makeScriptedBroker(2, whole)
  assert.deepEqual(await statistics([mute, second]), { topicCount: 2, partitionCount: 4, consumerGroupCount: 2 })
  await assert.rejects(statistics([mute]), { kind: 'unavailable' })
})
