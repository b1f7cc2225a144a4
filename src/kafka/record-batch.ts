import { crc32c } from './crc32c.ts'
import { int16, int32, int64, int8, uint32, varint } from './wire.ts'

/** Kafka's record batch, format 2, as it lies on disk: uncompressed, by no producer, without headers. */
export type BatchRecord = { key?: Buffer; value: Buffer }

export type RecordBatch = { baseOffset: number; records: BatchRecord[]; isControl: boolean; timestampMs: number }

const controlAttribute = 0x20
const magic = 2
const noProducerId = -1

export function encodeRecordBatch({ baseOffset, records, isControl, timestampMs }: RecordBatch): Buffer {
  const checked = Buffer.concat([
    int16(isControl ? controlAttribute : 0),
    int32(records.length - 1),
    int64(timestampMs),
    int64(timestampMs),
    int64(noProducerId),
    int16(-1),
    int32(-1),
    int32(records.length),
    ...records.map(encodeRecord),
  ])
  const leaderEpoch = int32(0)
  const body = Buffer.concat([leaderEpoch, int8(magic), uint32(crc32c(checked)), checked])
  return Buffer.concat([int64(baseOffset), int32(body.length), body])
}

function encodeRecord({ key, value }: BatchRecord, offsetDelta: number): Buffer {
  const attributes = int8(0)
  const timestampDelta = varint(0)
  const headerCount = varint(0)
  const keyBytes = key ? [varint(key.length), key] : [varint(-1)]
  const valueBytes = [varint(value.length), value]
  const body = Buffer.concat([attributes, timestampDelta, varint(offsetDelta), ...keyBytes, ...valueBytes, headerCount])
  return Buffer.concat([varint(body.length), body])
}
