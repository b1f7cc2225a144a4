import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatAgo, formatBytes, formatDuration, plural } from './format.ts'

describe('sizes', () => {
  const cases: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [10.4 * 1024 ** 2, '10 MiB'],
    [3 * 1024 ** 3, '3 GiB'],
    [5 * 1024 ** 6, '5120 PiB'],
  ]
  for (const [bytes, words] of cases) {
    it(`writes ${bytes} bytes as ${words}`, () => assert.equal(formatBytes(bytes), words))
  }
})

describe('durations', () => {
  const cases: [number, string][] = [
    [-5, '0 ms'],
    [850, '850 ms'],
    [3210, '3.2 s'],
    [3000, '3 s'],
    [42_900, '42 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [12_000_000, '3 h 20 min'],
    [1_051_200_000, '12 d 4 h'],
  ]
  for (const [ms, words] of cases) {
    it(`writes ${ms} ms as ${words}`, () => assert.equal(formatDuration(ms), words))
  }
})

describe('ages', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  const cases: [string, string][] = [
    ['2026-11-22T11:59:58Z', 'just now'],
    ['2026-11-22T11:59:20Z', '40 s ago'],
    ['2026-11-22T11:55:00Z', '5 min ago'],
    ['2026-11-22T09:00:00Z', '3 h ago'],
    ['2026-11-20T12:00:00Z', '2 d ago'],
    ['2026-01-02T12:00:00Z', '2026-01-02'],
    ['2026-11-22T12:00:03Z', 'just now'],
  ]
  for (const [at, words] of cases) {
    it(`calls ${at} "${words}"`, () => assert.equal(formatAgo(at, now), words))
  }
})

it('counts in words', () => {
  assert.equal(plural(1, 'node'), '1 node')
  assert.equal(plural(1200, 'node'), '1,200 nodes')
  assert.equal(plural(2, 'address', 'addresses'), '2 addresses')
})
