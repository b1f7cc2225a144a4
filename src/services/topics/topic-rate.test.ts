import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withoutRate, withRate, type KnownTopic } from './topic-rate.ts'

const topic: KnownTopic = {
  id: 'an-id',
  name: 'orders',
  partitions: 1,
  replicationFactor: 1,
  underReplicated: 0,
  offline: 0,
  bytes: 100,
  endOffsets: 100,
  retentionMs: null,
  cleanupPolicy: null,
  messagesPerSecond: null,
}

describe('the rate of a topic', () => {
  const cases: [string, Partial<KnownTopic>, Partial<KnownTopic> | undefined, number | null, number | null][] = [
    ['is what was written in between', { endOffsets: 400 }, {}, 3_000, 100],
    ['is nought where nothing was', {}, {}, 3_000, 0],
    ['is never below nought', { endOffsets: 90 }, {}, 3_000, 0],
    ['is not known at the first look', { endOffsets: 400 }, undefined, null, null],
    ['is not known of a topic that is new', { endOffsets: 400 }, undefined, 3_000, null],
    ['is not known of another topic of that name', { id: 'another', endOffsets: 400 }, {}, 3_000, null],
    ['is not known where a leader did not tell', { endOffsets: null }, {}, 3_000, null],
    ['is not known where a leader had not told', { endOffsets: 400 }, { endOffsets: null }, 3_000, null],
    ['is not an average over hours', { endOffsets: 400 }, {}, 3_600_000, null],
  ]
  for (const [name, now, before, passedMs, rate] of cases) {
    test(name, () =>
      assert.equal(withRate({ ...topic, ...now }, before && { ...topic, ...before }, passedMs).messagesPerSecond, rate),
    )
  }
})

describe('a topic that was just changed', () => {
  const changed = { ...topic, partitions: 2, bytes: null, endOffsets: null }
  test('keeps what the change does not tell of', () => {
    const before = { ...topic, messagesPerSecond: 7 }
    assert.deepEqual(withoutRate(changed, before), { ...before, partitions: 2 })
  })
  test('has none of another topic of its name', () =>
    assert.equal(withoutRate({ ...changed, id: 'another' }, topic).bytes, null))
})
