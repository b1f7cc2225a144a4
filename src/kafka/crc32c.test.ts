import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c } from './crc32c.ts'

/** Vectors of RFC 3720, appendix B.4, and the usual check value. */
const vectors: [name: string, bytes: Buffer, checksum: number][] = [
  ['nothing', Buffer.alloc(0), 0],
  ['the nine digits', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 times 0xff', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 rising bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
]

for (const [name, bytes, checksum] of vectors) {
  test(`checks ${name}`, () => assert.equal(crc32c(bytes), checksum))
}
