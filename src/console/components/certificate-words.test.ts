import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Certificate } from '../api-types.ts'
import { soonestOfEach } from './certificate-words.ts'

const certificate = (kind: Certificate['kind'], notAfter: string) => ({ kind, notAfter }) as Certificate

test('of each kind of certificate the one that ends first is told', () => {
  const all = [
    certificate('node', '2026-03-01T00:00:00Z'),
    certificate('authority', '2036-01-01T00:00:00Z'),
    certificate('node', '2026-02-01T00:00:00Z'),
  ]
  assert.deepEqual(
    soonestOfEach(all).map(({ label, certificate: { notAfter } }) => [label, notAfter.slice(0, 10)]),
    [
      ['Authority', '2036-01-01'],
      ['Nodes', '2026-02-01'],
    ],
  )
})
