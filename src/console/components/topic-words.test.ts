import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatRate, replicaWords, retentionWords } from './topic-words.ts'

describe('how a topic reads', () => {
  const rates: [number, string][] = [
    [0, '0'],
    [0.04, '< 0.1'],
    [2, '2'],
    [3.26, '3.3'],
    [1234.5, '1,235'],
  ]
  for (const [rate, words] of rates) it(`${rate} a second as ${words}`, () => assert.equal(formatRate(rate), words))

  const retentions: [number | null, string | null, string | null][] = [
    [604_800_000, 'delete', '7 d'],
    [-1, 'delete', 'for ever'],
    [604_800_000, 'compact', 'compacted'],
    [86_400_000, 'compact, delete', '1 d, compacted'],
    [3_600_000, null, '1 h'],
    [null, null, null],
  ]
  for (const [retentionMs, cleanupPolicy, words] of retentions)
    it(`kept ${words}`, () => assert.equal(retentionWords({ retentionMs, cleanupPolicy }), words))

  it('tells the worst of its replicas first', () => {
    assert.equal(replicaWords({ underReplicated: 4, offline: 1 }).label, '1 partition offline')
    assert.equal(replicaWords({ underReplicated: 4, offline: 0 }).label, '4 under-replicated')
    assert.equal(replicaWords({ underReplicated: 0, offline: 0 }).tone, 'good')
  })
})
