import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { expectedTime, gentlyBytesPerSecond, moveRate, type Pace, type Work } from './pace.ts'

const unknown: Pace = { secondsPerRestart: null, secondsToJoin: null, movesByRule: null }
const known: Pace = { secondsPerRestart: 4, secondsToJoin: 20, movesByRule: 3 }
const nothing: Work = { restarts: 0, joins: 0, moves: { partitions: 0, bytes: 0 } }
/** Ten seconds of bytes, and ten batches of a second. */
const moves = { partitions: 40, bytes: 10 * gentlyBytesPerSecond }

const cases: [string, Pace, Partial<Work>, { seconds: number; isMeasured: boolean }][] = [
  ['nothing to do', known, {}, { seconds: 0, isMeasured: false }],
  ['restarts, by rule of thumb', unknown, { restarts: 3 }, { seconds: 27, isMeasured: false }],
  ['restarts, as they took here', known, { restarts: 3 }, { seconds: 12, isMeasured: true }],
  ['nodes that join together, as they took here', known, { joins: 2 }, { seconds: 20, isMeasured: true }],
  ['moves, by rule of thumb', unknown, { moves }, { seconds: 20, isMeasured: false }],
  // A third of 20 s in which they are left alone, and two thirds of that again at a third of the rate.
  [
    'moves onto nodes that join',
    known,
    { joins: 2, moves },
    { seconds: 20 + 20 / 3 + 3 * (20 + 80 / 9), isMeasured: true },
  ],
  ['moves, as much longer as they took here', known, { moves }, { seconds: 60, isMeasured: true }],
  [
    'restarts that were seen, and moves that were not',
    { ...known, movesByRule: null },
    { restarts: 1, moves },
    { seconds: 24, isMeasured: false },
  ],
]

test('moves go gently while that takes an hour at most, then faster, and never faster than one AKU writes', () => {
  const [mebibyte, gibibyte] = [2 ** 20, 2 ** 30]
  assert.deepEqual(
    [0, gibibyte, 50 * gibibyte, 10_000 * gibibyte].map((bytes) => moveRate(bytes) / mebibyte),
    [3, 3, (50 * 1024) / 3_600, 30],
  )
})

describe('the time that a change is expected to take, for', () => {
  for (const [what, pace, work, expected] of cases) {
    test(what, () => assert.deepEqual(expectedTime(pace, { ...nothing, ...work }), expected))
  }
})
