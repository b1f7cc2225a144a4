import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plainWords } from '../../src/kafka/plain-words.ts'
import { rangeOf } from './from-kafka.ts'

describe('the range of a setting', () => {
  const cases: [string, string, unknown][] = [
    ['Range', '[1,...]', { least: 1 }],
    ['Range', '[0,...,0.5]', { least: 0, most: 0.5 }],
    ['Range', '[...,9]', { most: 9 }],
    ['Range', '[-131072,...,22]', { least: -131072, most: 22 }],
    ['LambdaValidator', '[1,...,9] or -1', { least: 1, most: 9, also: -1 }],
    ['LambdaValidator', 'The default value of -1 means something.', null],
    ['ValidString', '[none, lz4]', { oneOf: ['none', 'lz4'] }],
    ['CaseInsensitiveValidString', '(case insensitive) [A, B]', { oneOf: ['A', 'B'], ignoresCase: true }],
    ['ValidList', '', null],
    ['ValidList', '[compact, delete]', { oneOf: ['compact', 'delete'] }],
    ['NonEmptyString', 'non-empty string', { notEmpty: true }],
  ]
  for (const [validator, range, expected] of cases) {
    test(`of ${validator} ${range}`, () => assert.deepEqual(rangeOf({ validator, range }), expected))
  }

  test('is none without a validator', () => assert.equal(rangeOf({ validator: null, range: null }), null))
})

describe('the documentation of a setting', () => {
  test('is plain words', () => {
    const html = 'Set <code>acks</code> to &quot;all&quot;.<br>See <a href="#x">there</a>.<p>It is a &lt;list&gt.</p>'
    assert.equal(plainWords(html), 'Set acks to "all". See there. It is a <list>.')
  })

  test('may be missing', () => assert.equal(plainWords(null), ''))
})
