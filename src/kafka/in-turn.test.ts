import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inTurn } from './in-turn.ts'

test('the next is asked when the one before has answered or failed, or is silent for too long, and all are told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const answers = Array.from({ length: 4 }, () => Promise.withResolvers<string>())
  const asked: number[] = []
  const all = inTurn([0, 1, 2, 3], (one) => {
    asked.push(one)
    return answers[one]!.promise.catch(() => 'failed')
  })
  await nextTurn()
  assert.deepEqual(asked, [0])
  answers[0]!.resolve('first')
  await nextTurn()
  assert.deepEqual(asked, [0, 1])
  answers[1]!.reject(new Error('no'))
  await nextTurn()
  assert.deepEqual(asked, [0, 1, 2])
  t.mock.timers.tick(500)
  await nextTurn()
  assert.deepEqual(asked, [0, 1, 2, 3])
  answers[3]!.resolve('last')
  answers[2]!.resolve('late')
  assert.deepEqual(await all, ['first', 'failed', 'late', 'last'])
})

test('one that fails fails all, when the others were asked too', async () => {
  const asked: number[] = []
  const failing = inTurn([0, 1], async (one) => {
    asked.push(one)
    if (one === 0) throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  assert.deepEqual(asked, [0, 1])
})
