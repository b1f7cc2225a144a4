import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withKey, withValue } from './settings-draft.ts'
import { emptyTopic, topicBodyOf, topicProblems } from './topic-draft.ts'

describe('the draft of a topic', () => {
  it('says nothing that the person did not choose', () => {
    const body = { name: 'orders', partition: 16, compactStrategy: 'DELETE', configs: [] }
    assert.deepEqual(topicBodyOf({ ...emptyTopic, name: 'orders' }), body)
  })

  it('sends each choice as the setting that it is', () => {
    const settings = withValue(withKey([], 'max.message.bytes'), 'max.message.bytes', '2097152')
    const draft = { ...emptyTopic, name: 'orders', partitions: 3, copies: 2, retention: '-1', settings } as const
    assert.deepEqual(topicBodyOf({ ...draft, policy: 'compact,delete' }), {
      name: 'orders',
      partition: 3,
      replicationFactor: 2,
      compactStrategy: 'COMPACT,DELETE',
      configs: [
        { key: 'retention.ms', value: '-1' },
        { key: 'max.message.bytes', value: '2097152' },
      ],
    })
  })

  it('holds name and partitions against the rules of the server', () => {
    assert.match(topicProblems.name('')!, /Name the topic/)
    assert.match(topicProblems.name('__own')!, /belongs to Kafka/)
    assert.equal(topicProblems.name('orders'), null)
    assert.match(topicProblems.partitions('')!, /1 to 1,024/)
    assert.match(topicProblems.partitions(1_025)!, /1 to 1,024/)
    assert.equal(topicProblems.partitions(1_024), null)
  })
})
