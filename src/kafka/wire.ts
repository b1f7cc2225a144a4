/** Kafka's primitive types as bytes: big-endian integers, variable-length integers, compact strings and arrays (KIP-482). */

export const int8 = (value: number) => fixed(1, (buffer) => buffer.writeInt8(value))
export const int16 = (value: number) => fixed(2, (buffer) => buffer.writeInt16BE(value))
export const uint16 = (value: number) => fixed(2, (buffer) => buffer.writeUInt16BE(value))
export const int32 = (value: number) => fixed(4, (buffer) => buffer.writeInt32BE(value))
export const uint32 = (value: number) => fixed(4, (buffer) => buffer.writeUInt32BE(value))
export const int64 = (value: number) => fixed(8, (buffer) => buffer.writeBigInt64BE(BigInt(value)))

function fixed(length: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length)
  write(buffer)
  return buffer
}

/** Seven bits a byte, lowest first; the top bit says that more follow. */
export function unsignedVarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value >>> 0
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}

/** Zigzag: small negative numbers stay short. */
export const varint = (value: number) => unsignedVarint((value << 1) ^ (value >> 31))

/** Lengths are stored one higher, because zero means null. */
export function compactString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([unsignedVarint(bytes.length + 1), bytes])
}

export const compactArray = (items: Buffer[]) => Buffer.concat([unsignedVarint(items.length + 1), ...items])

export const noTaggedFields = Buffer.from([0])
