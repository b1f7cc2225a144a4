import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../test/harness/until.ts'
import { gather } from './gather.ts'

test('hands on together what came in one moment, unasked', async () => {
  const handed: string[][] = []
  const gatherer = gather<string>(5, async (items) => void handed.push(items))
  gatherer.add('a')
  gatherer.add('b')
  await until(() => handed.length === 1)
  gatherer.add('c')
  await until(() => handed.length === 2)
  assert.deepEqual(handed, [['a', 'b'], ['c']])
})

test('a flush hands on the rest at once and waits for what is under way; nothing is handed on twice', async () => {
  const handed: string[] = []
  const first = Promise.withResolvers<void>()
  const gatherer = gather<string>(60_000, async ([item]) => {
    if (item === 'a') await first.promise
    handed.push(item!)
  })
  gatherer.add('a')
  void gatherer.flush()
  gatherer.add('b')
  const flushed = gatherer.flush()
  first.resolve()
  await flushed
  assert.deepEqual(handed, ['a', 'b'])
  await gatherer.flush()
  assert.deepEqual(handed, ['a', 'b'])
})
