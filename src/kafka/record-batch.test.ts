import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c } from './crc32c.ts'
import { encodeRecordBatch } from './record-batch.ts'

const batch = encodeRecordBatch({
  baseOffset: 5,
  records: [{ value: Buffer.from('a') }, { key: Buffer.from('k'), value: Buffer.from('bc') }],
  isControl: false,
  timestampMs: 1_700_000_000_000,
})

test('says its place, its length and its format', () => {
  assert.equal(batch.readBigInt64BE(0), 5n)
  assert.equal(batch.readInt32BE(8), batch.length - 12)
  assert.equal(batch.readInt8(16), 2)
})

test('checks all that comes after the checksum', () => {
  assert.equal(batch.readUInt32BE(17), crc32c(batch.subarray(21)))
})

test('counts its records, without a producer', () => {
  assert.equal(batch.readInt16BE(21), 0)
  assert.equal(batch.readInt32BE(23), 1)
  assert.equal(batch.readBigInt64BE(27), 1_700_000_000_000n)
  assert.equal(batch.readBigInt64BE(43), -1n)
  assert.equal(batch.readInt32BE(57), 2)
})

test('writes a record without a key as key length -1, and counts offsets up', () => {
  assert.deepEqual([...batch.subarray(61)], [14, 0, 0, 0, 1, 2, 97, 0, 18, 0, 0, 2, 2, 107, 4, 98, 99, 0])
})

test('marks control batches', () => {
  const control = encodeRecordBatch({
    baseOffset: 0,
    records: [{ value: Buffer.alloc(1) }],
    isControl: true,
    timestampMs: 0,
  })
  assert.equal(control.readInt16BE(21), 0x20)
})
