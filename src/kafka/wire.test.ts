import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compactArray, compactString, int16, int64, unsignedVarint, varint } from './wire.ts'

const bytesOf = (buffer: Buffer) => [...buffer]

test('writes unsigned varints with seven bits a byte', () => {
  assert.deepEqual(bytesOf(unsignedVarint(0)), [0])
  assert.deepEqual(bytesOf(unsignedVarint(127)), [127])
  assert.deepEqual(bytesOf(unsignedVarint(128)), [0x80, 1])
  assert.deepEqual(bytesOf(unsignedVarint(300)), [0xac, 2])
  assert.deepEqual(bytesOf(unsignedVarint(0xffffffff)), [0xff, 0xff, 0xff, 0xff, 0x0f])
})

test('writes small negative numbers short', () => {
  assert.deepEqual(
    [0, -1, 1, -2, 2].flatMap((value) => bytesOf(varint(value))),
    [0, 1, 2, 3, 4],
  )
  assert.deepEqual(bytesOf(varint(-2147483648)), [0xff, 0xff, 0xff, 0xff, 0x0f])
})

test('gives back every number that it wrote', () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const raw = bytesOf(varint(value)).reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0)
      assert.equal((raw >>> 1) ^ -(raw & 1), value)
    }),
  )
})

test('writes compact strings by their bytes, one more than there are', () => {
  assert.deepEqual(bytesOf(compactString('')), [1])
  assert.deepEqual(bytesOf(compactString('ü')), [3, 0xc3, 0xbc])
})

test('writes compact arrays and big-endian integers', () => {
  assert.deepEqual(bytesOf(compactArray([int16(1), int16(-1)])), [3, 0, 1, 0xff, 0xff])
  assert.deepEqual(bytesOf(int64(258)), [0, 0, 0, 0, 0, 0, 1, 2])
})
