import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gridOf, hasTraffic, lineWords } from './traffic-lines.ts'

const point = (at: string, bytesInPerSecond: number | null) => ({
  at,
  bytesInPerSecond,
  bytesOutPerSecond: null,
  requestsInPerSecond: null,
  storageSize: null,
})
const history = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T00:03:30Z',
  everySeconds: 60,
  points: [point('2026-01-01T00:00:00Z', 5), point('2026-01-01T00:02:00Z', 7)],
}

test('leaves a gap where nothing is known', () => {
  const { times, valuesOf } = gridOf(history)
  assert.equal(times[0], Date.parse(history.from) / 1000)
  assert.deepEqual(valuesOf('bytesInPerSecond'), [5, null, 7, null])
  assert.deepEqual(valuesOf('requestsInPerSecond'), [null, null, null, null])
})

test('says in words what the lines show', () => {
  const format = (value: number) => `${value} B/s`
  assert.equal(lineWords('Written', [5, null, 7], format), 'Written: 7 B/s at last, between 5 B/s and 7 B/s.')
  assert.equal(lineWords('Written', [null], format), 'Written: not known yet.')
})

test('knows whether anything was seen at all', () => {
  assert.ok(hasTraffic(history.points))
  assert.ok(!hasTraffic([point('2026-01-01T00:00:00Z', null)]))
})
