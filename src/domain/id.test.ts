import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { instanceIdFrom, kafkaUuidFrom, memberIdFrom, nodeIdFrom, operationIdFrom } from './id.ts'

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('an id', () => {
  const kinds = { kf: instanceIdFrom, op: operationIdFrom, node: nodeIdFrom, member: memberIdFrom }
  for (const [prefix, idFrom] of Object.entries(kinds)) {
    test(`is ${prefix}- and sixteen lower-case letters and digits, whatever the bytes`, () => {
      fc.assert(fc.property(sixteenBytes, (bytes) => assert.match(idFrom(bytes), RegExp(`^${prefix}-[a-z0-9]{16}$`))))
    })

    test(`${prefix}- follows from its bytes alone`, () =>
      fc.assert(fc.property(sixteenBytes, (bytes) => assert.equal(idFrom(bytes), idFrom(Uint8Array.from(bytes))))))
  }

  test('uses every byte: two that differ in one letter differ', () => {
    const alike = fc.record({ bytes: sixteenBytes, at: fc.nat(15) })
    fc.assert(
      fc.property(alike, ({ bytes, at }) => {
        const other = bytes.with(at, (bytes[at]! + 1) % 256)
        // 255 and 0 stand for different letters, as 256 is no multiple of 36.
        assert.notEqual(instanceIdFrom(bytes), instanceIdFrom(other))
      }),
    )
  })

  test('is refused with fewer bytes than it needs', () => {
    assert.throws(() => instanceIdFrom(new Uint8Array(15)), RangeError)
    assert.throws(() => kafkaUuidFrom(new Uint8Array(15)), RangeError)
  })
})

describe('a Kafka uuid', () => {
  test('is 22 signs of base64url and never begins with a dash', () => {
    fc.assert(
      fc.property(sixteenBytes, (bytes) => assert.match(kafkaUuidFrom(bytes), /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)),
    )
  })

  test('never begins with a dash, for every first byte there is', () => {
    for (let first = 0; first < 256; first++) {
      const bytes = new Uint8Array(16).fill(255).with(0, first)
      assert.notEqual(kafkaUuidFrom(bytes)[0], '-', `first byte ${first}`)
    }
  })

  test('is its sixteen bytes, which Kafka reads back', () => {
    fc.assert(
      fc.property(sixteenBytes, (bytes) => {
        const read = Buffer.from(kafkaUuidFrom(bytes), 'base64url')
        assert.equal(read.length, 16)
        assert.deepEqual(read.subarray(1), Buffer.from(bytes.subarray(1)))
        if (bytes[0]! >> 2 !== 62) assert.equal(read[0], bytes[0])
      }),
    )
  })

  test('leaves the bytes as they were given', () => {
    const bytes = new Uint8Array(16).fill(62 << 2)
    kafkaUuidFrom(bytes)
    assert.deepEqual(bytes, new Uint8Array(16).fill(62 << 2))
  })
})
