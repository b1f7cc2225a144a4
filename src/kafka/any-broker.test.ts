import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuse } from './any-broker.ts'

const refusalOf = (errorCode: number, errorMessage?: string) => {
  const { kind, code, message } = refuse('move partitions', 'Kafka.MoveRefused', { errorCode, errorMessage })
  return { kind, code, message }
}

test('a refusal speaks with the words of Kafka', () => {
  assert.deepEqual(refusalOf(39, 'There is no broker 9.'), {
    kind: 'invalid',
    code: 'Kafka.MoveRefused',
    message: 'Kafka does not move partitions: There is no broker 9.',
  })
})

test('a refusal does not repeat all that was refused', () => {
  const { message } = refusalOf(40, `Invalid value ${'x'.repeat(30_000)} for configuration retention.ms.`)
  assert.match(message, /Invalid value xxx/)
  assert.ok(message.length < 1_100, `${message.length} letters`)
})

test('a refusal without words says what its code means', () => {
  assert.match(refusalOf(41).message, /: This is not the correct controller for this cluster\.$/)
  assert.match(refusalOf(9_999).message, /: error 9999\.$/)
})

test('what passes by itself is tried again, whatever else is not', () => {
  const passing = [-1, 7, 8, 41, 77, 89, 116]
  assert.deepEqual([...new Set(passing.map((code) => refusalOf(code).kind))], ['unavailable'])
  const final = [39, 40, 42, 44, 95, 9_999]
  assert.deepEqual([...new Set(final.map((code) => refusalOf(code).kind))], ['invalid'])
})
