import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  apiKeys,
  createdTopic,
  deletedTopic,
  grownTopic,
  makeScriptedBroker,
  metadata,
  topicConfigs,
  type Script,
} from '../../test/harness/scripted-broker.ts'
import { createTopic, deleteTopic, growTopic } from './topic-changes.ts'

const name = 'orders'
const id = Buffer.alloc(16, 7).toString('base64url')
const wish = { name, partitions: 2, configs: { 'cleanup.policy': 'delete, compact' } }
const [taken, invalidCount, unknownId] = [36, 37, 100]

/** A broker that knows the topic. */
const shows: Script = {
  [apiKeys.metadata]: () => metadata([{ name, id, leaders: [2, 2], replicas: [2] }]),
  [apiKeys.configs]: () => topicConfigs(name, { 'cleanup.policy': 'delete,compact' }),
}
const refuses: Script = { ...shows, [apiKeys.createTopics]: () => createdTopic({ name, id, error: taken }) }
const losesTheAnswer: Script = { [apiKeys.createTopics]: () => 'hang-up' }
const empty: Script = { [apiKeys.metadata]: () => metadata([]) }

describe('a topic that is created while brokers are stopped', () => {
  test('is answered when the first broker was lost after it had been made', async () => {
    await using first = await makeScriptedBroker(1, losesTheAnswer)
    await using second = await makeScriptedBroker(2, refuses)
    assert.equal(await createTopic([first, second], wish), id)
  })

  test('is answered when no broker answered, and a look finds it', async () => {
    await using only = await makeScriptedBroker(1, { ...shows, ...losesTheAnswer })
    assert.equal(await createTopic([only], wish), id)
  })

  test('is answered while a node does not show it yet', async () => {
    await using behind = await makeScriptedBroker(1, {
      ...empty,
      [apiKeys.createTopics]: () => createdTopic({ name, id }),
    })
    await using second = await makeScriptedBroker(2, shows)
    assert.equal(await createTopic([behind, second], wish), id)
  })

  for (const [what, other] of [
    ['other partitions', { ...wish, partitions: 3 }],
    ['another setting', { ...wish, configs: { 'cleanup.policy': 'compact' } }],
    ['a setting less', { ...wish, configs: {} }],
    ['other copies', { ...wish, replicationFactor: 3 }],
  ] as const) {
    test(`is not taken for one of its name with ${what}`, async () => {
      await using first = await makeScriptedBroker(1, losesTheAnswer)
      await using second = await makeScriptedBroker(2, refuses)
      await assert.rejects(createTopic([first, second], other), { code: 'Topic.NameTaken' })
    })
  }

  test('is not taken for one that was there before', async () => {
    await using only = await makeScriptedBroker(1, refuses)
    await assert.rejects(createTopic([only], wish), { code: 'Topic.NameTaken' })
  })
})

test('partitions are added when the first broker was lost after it had added them, and only then', async () => {
  const refusesToGrow: Script = { ...shows, [apiKeys.createPartitions]: () => grownTopic(name, invalidCount) }
  await using first = await makeScriptedBroker(1, {})
  await using second = await makeScriptedBroker(2, refusesToGrow)
  await growTopic([first, second], name, { partitions: 2 })
  await assert.rejects(growTopic([second], name, { partitions: 2 }), { kind: 'invalid', code: 'Topic.Refused' })
})

test('a topic is deleted by its id, and gone already is success', async () => {
  const asked: Buffer[] = []
  const script = (error: number): Script => ({
    ...empty,
    [apiKeys.deleteTopics]: (body) => {
      asked.push(body)
      return deletedTopic(id, error)
    },
  })
  for (const error of [0, unknownId]) {
    await using broker = await makeScriptedBroker(1, script(error))
    await deleteTopic([broker], id)
  }
  // One topic, without a name.
  for (const body of asked) assert.deepEqual([...body.subarray(0, 18)], [2, 0, ...Buffer.from(id, 'base64url')])
})
