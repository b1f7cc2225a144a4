import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeSeries } from './write-request.ts'

/** Made by Google's own library from the published definition. */
const first =
  '0a390a140a085f5f6e616d655f5f12086b61666b615f75700a0f0a047465616d12075ac3bc72696368121009000000000000f83f1080d0eab6b733'
const second = `0ae5010ad5010a085f5f6e616d655f5f12c801${'78'.repeat(200)}120b090000000065cdddc11001`

const one = {
  labels: [
    { name: '__name__', value: 'kafka_up' },
    { name: 'team', value: 'Zürich' },
  ],
  value: 1.5,
  timestampMs: 1_767_225_600_000,
}
const other = { labels: [{ name: '__name__', value: 'x'.repeat(200) }], value: -2e9, timestampMs: 1 }

test('writes byte by byte what the definition says', () => {
  assert.equal(encodeSeries([one, other]).toString('hex'), first + second)
})

test('messages laid end to end are one message', () => {
  assert.deepEqual(Buffer.concat([encodeSeries([one]), encodeSeries([other])]), encodeSeries([one, other]))
})
