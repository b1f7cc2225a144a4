import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplesIn } from './exposition.ts'

test('reads names, labels and values, and leaves out what is none', () => {
  const text = [
    '# HELP kafka_up Is it up',
    '# TYPE kafka_up gauge',
    'kafka_up 1.0',
    'bytes_total{topic="orders",} 1.5E7',
    'bytes_total{topic="a \\"b\\" \\\\ c\\nd} {x=\\"y\\"",request="Fetch"} 3 1767225600000',
    'latency{quantile="0.99",} NaN',
    'most +Inf',
    'least -Inf',
    '<html>',
    '',
  ].join('\n')
  assert.deepEqual(samplesIn(text), [
    { name: 'kafka_up', labels: {}, value: 1 },
    { name: 'bytes_total', labels: { topic: 'orders' }, value: 15_000_000 },
    { name: 'bytes_total', labels: { topic: 'a "b" \\ c\nd} {x="y"', request: 'Fetch' }, value: 3 },
    { name: 'most', labels: {}, value: Infinity },
    { name: 'least', labels: {}, value: -Infinity },
  ])
})
