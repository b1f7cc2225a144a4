import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  growthProblem,
  isInternalTopic,
  partitionProblem,
  repeatedKeys,
  strategyProblem,
  topicNameProblem,
  withStrategy,
} from './topic.ts'

describe("a topic's name", () => {
  for (const name of ['orders', 'a', '7', 'shop.orders_v2-eu', 'x'.repeat(249)])
    test(`may be ${name.slice(0, 30)}`, () => assert.equal(topicNameProblem(name), undefined))

  for (const name of ['', '.', '..', '-orders', 'orders.', '_orders', 'or ders', 'örders', 'a/b', 'x'.repeat(250)])
    test(`is not "${name.slice(0, 30)}"`, () => assert.match(topicNameProblem(name)!, /name/))

  test('is not one of Kafka itself', () => {
    assert.match(topicNameProblem('__consumer_offsets')!, /belongs to Kafka/)
    assert.deepEqual([isInternalTopic('__millrace_canary'), isInternalTopic('a__b')], [true, false])
  })
})

describe('the partitions of a topic', () => {
  for (const count of [1, 16, 1024]) test(`may be ${count}`, () => assert.equal(partitionProblem(count), undefined))
  for (const count of [0, -1, 1025, 1.5, NaN])
    test(`are not ${count}`, () => assert.match(partitionProblem(count)!, /1 to 1,024/))

  test('only become more', () => {
    assert.equal(growthProblem(16, 32), undefined)
    assert.equal(growthProblem(16, 16), undefined)
    assert.match(growthProblem(16, 15)!, /16 partitions/)
    assert.match(growthProblem(16, 1025)!, /1,024/)
  })
})

describe('the strategy of a new topic', () => {
  const cases: [string | undefined, Record<string, string>, Record<string, string> | undefined][] = [
    [undefined, { a: '1' }, { a: '1' }],
    ['DELETE', {}, {}],
    ['DELETE', { 'cleanup.policy': 'delete' }, { 'cleanup.policy': 'delete' }],
    ['COMPACT', {}, { 'cleanup.policy': 'compact' }],
    ['COMPACT,DELETE', {}, { 'cleanup.policy': 'compact,delete' }],
    ['COMPACT,DELETE', { 'cleanup.policy': 'delete, compact' }, { 'cleanup.policy': 'delete, compact' }],
    ['DELETE', { 'cleanup.policy': 'compact' }, undefined],
  ]
  for (const [strategy, configs, expected] of cases) {
    const words = expected ? `makes ${JSON.stringify(expected)}` : 'contradicts them'
    test(`${strategy} beside ${JSON.stringify(configs)} ${words}`, () =>
      assert.deepEqual(withStrategy(configs, strategy), expected))
  }

  for (const strategy of [undefined, 'DELETE', 'COMPACT', 'COMPACT,DELETE', 'DELETE, COMPACT'])
    test(`may be ${strategy}`, () => assert.equal(strategyProblem({}, strategy), undefined))
  for (const strategy of ['', 'NONE', 'COMPACT,COMPACT', 'DELETE,', ','])
    test(`is not "${strategy}"`, () => assert.match(strategyProblem({}, strategy)!, /COMPACT,DELETE/))
  test('is for Kafka to judge where cleanup.policy says it too', () =>
    assert.equal(strategyProblem({ 'cleanup.policy': '' }, ''), undefined))
})

test('a setting that is given twice is named where it comes again, whatever it is called', () => {
  const keys = ['retention.ms', 'constructor', '__proto__', 'retention.ms', '__proto__']
  assert.deepEqual(
    repeatedKeys(keys.map((key) => ({ key }))).map(({ path }) => path),
    ['configs.3.key', 'configs.4.key'],
  )
})
