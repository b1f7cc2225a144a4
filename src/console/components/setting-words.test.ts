import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amountWords, kindWords, originOf, settingsIn, settingsMatching } from './setting-words.ts'

const given = {
  key: 'log.retention.ms',
  documentation: 'How long a log is kept',
  wanted: '1',
  source: 'static',
} as const
const made = { key: 'listeners', documentation: '', wanted: null, source: 'static' } as const
const tuned = { key: 'leader.throttle', documentation: '', wanted: null, source: 'dynamic-broker' } as const
const own = {
  key: 'num.io.threads',
  documentation: 'Threads that write to the log',
  wanted: null,
  source: 'default',
} as const
const unseen = { key: 'zzz', documentation: '', wanted: null, source: null } as const
const all = [given, made, tuned, own, unseen]

describe('a setting comes from', () => {
  it('whoever set it last, as a person sees it', () => {
    assert.deepEqual(all.map(originOf), ['here', 'millrace', 'cluster', 'kafka', 'unknown'])
  })

  it('this Instance also while no node tells', () => {
    assert.equal(originOf({ wanted: '1', source: null }), 'here')
  })
})

describe('the settings shown', () => {
  it('are those of the Instance, those that differ, or all', () => {
    assert.deepEqual(settingsIn(all, 'here'), [given])
    assert.deepEqual(settingsIn(all, 'changed'), [given, made, tuned])
    assert.deepEqual(settingsIn(all, 'all'), all)
  })

  it('have every word that is looked for, the key first', () => {
    assert.deepEqual(settingsMatching(all, 'log'), [given, own])
    assert.deepEqual(settingsMatching([own, given], 'log'), [given, own])
    assert.deepEqual(settingsMatching(all, ' Write  THREADS '), [own])
    assert.deepEqual(settingsMatching(all, ''), all)
    assert.deepEqual(settingsMatching(all, 'nothing like it'), [])
  })
})

it('a number of milliseconds or bytes says what it amounts to', () => {
  assert.equal(amountWords('log.retention.ms', '604800000'), '7 d')
  assert.equal(amountWords('log.segment.bytes', '1073741824'), '1 GiB')
  for (const [key, value] of [
    ['log.retention.ms', '-1'],
    ['log.retention.ms', '10'],
    ['log.retention.hours', '168'],
    ['log.segment.bytes', '9223372036854775807'],
    ['log.segment.bytes', ''],
  ] as const) {
    assert.equal(amountWords(key, value), undefined, `${key}=${value}`)
  }
})

it('the kind of a setting says its type and range', () => {
  assert.equal(kindWords({ type: 'int', range: 'at least 1' }), 'whole number, at least 1')
  assert.equal(kindWords({ type: 'boolean', range: null }), 'true or false')
})
