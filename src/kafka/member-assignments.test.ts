import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAssignments } from './member-assignments.ts'
import { int16, int32 } from './wire.ts'

const assignment = (topics: [string, number[]][]): Buffer =>
  Buffer.concat([
    int16(1),
    int32(topics.length),
    ...topics.flatMap(([topic, partitions]) => [
      int16(Buffer.byteLength(topic)),
      Buffer.from(topic),
      int32(partitions.length),
      ...partitions.map(int32),
    ]),
    int32(-1),
  ])

describe('what a member was given', () => {
  test('is read as clients write it', () => {
    const bytes = assignment([
      ['orders', [0, 3]],
      ['payments', []],
    ])
    const expected = [
      { topic: 'orders', partitions: [0, 3] },
      { topic: 'payments', partitions: [] },
    ]
    assert.deepEqual(readAssignments(bytes), expected)
  })

  const whole = assignment([['orders', [0]]])
  const unreadable: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['what ends too early', whole.subarray(0, 12)],
    ['a count that cannot be', Buffer.concat([int16(0), int32(0x7fffffff)])],
    ['another protocol', Buffer.from('{"leader":"connect-1"}')],
  ]
  for (const [what, bytes] of unreadable)
    test(`is nothing in ${what}`, () => assert.deepEqual(readAssignments(bytes), []))
})
