import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shownWords, type ReceiverWords } from './receiver-words.ts'

describe('what is shown of an answer', () => {
  const cases: { name: string; answer: Partial<ReceiverWords>; shown: string }[] = [
    {
      name: 'plain text, as Prometheus answers',
      answer: { contentType: 'text/plain; charset=utf-8', body: 'out of\n bounds\n' },
      shown: 'out of bounds',
    },
    {
      name: 'the error of a JSON object',
      answer: { contentType: 'application/json', body: '{"status":"error","error":"too  many"}' },
      shown: 'too many',
    },
    { name: 'nothing of another JSON', answer: { contentType: 'application/json', body: '{"keys":["k"]}' }, shown: '' },
    {
      name: 'nothing of an error that is an object',
      answer: { contentType: 'application/json', body: '{"error":{"a":1}}' },
      shown: '',
    },
    { name: 'nothing of half a JSON', answer: { contentType: 'application/json', body: '{"error":"to' }, shown: '' },
    { name: 'nothing of JSON that is no object', answer: { contentType: 'application/json', body: 'null' }, shown: '' },
    { name: 'nothing of a page', answer: { contentType: 'text/html', body: '<p>inside</p>' }, shown: '' },
    { name: 'nothing of what says not what it is', answer: { body: 'inside' }, shown: '' },
    {
      name: 'no secret that it repeats',
      answer: { body: 'Bearer abc.def is bad: abc.def' },
      shown: 'Bearer … is bad: …',
    },
    {
      name: 'no secret that it repeats as JSON',
      answer: { contentType: 'application/json', body: '{"error":"got abc.def"}' },
      shown: 'got …',
    },
    { name: 'no half of a secret', answer: { body: 'you sent abc.d' }, shown: 'you sent' },
  ]
  for (const { name, answer, shown } of cases) {
    const plain = name.includes('secret') ? { contentType: 'text/plain' } : { contentType: null }
    test(name, () => assert.equal(shownWords({ ...plain, body: '', secrets: ['abc.def'], ...answer }), shown))
  }

  test('is short', () => {
    const words = { contentType: 'text/plain', body: 'x'.repeat(1_000), secrets: [] }
    assert.equal(shownWords(words).length, 200)
  })
})
