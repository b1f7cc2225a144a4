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
    assert.match(topicNameProblem('__audit')!, /belongs to Kafka/)
  })

  test("tells Kafka's own and Millrace's from those of the team's programs", () => {
    const own = ['__consumer_offsets', '__transaction_state', '__share_group_state', '__millrace_canary']
    for (const name of own) assert.ok(isInternalTopic(name), name)
    for (const name of ['__CruiseControlMetrics', '__audit', 'a__b']) assert.ok(!isInternalTopic(name), name)
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
  type Configs = Record<string, string>
  const cases: [strategy: string | undefined, configs: Configs, usual: string, expected: Configs][] = [
    [undefined, { a: '1' }, 'compact', { a: '1' }],
    ['DELETE', {}, 'delete', {}],
    ['DELETE', {}, 'compact', { 'cleanup.policy': 'delete' }],
    ['DELETE', {}, 'compact,delete', { 'cleanup.policy': 'delete' }],
    ['DELETE', { 'cleanup.policy': 'delete' }, 'compact', { 'cleanup.policy': 'delete' }],
    ['COMPACT', {}, 'delete', { 'cleanup.policy': 'compact' }],
    ['COMPACT', {}, 'compact', {}],
    ['COMPACT,DELETE', {}, 'delete', { 'cleanup.policy': 'compact,delete' }],
    ['COMPACT,DELETE', {}, 'delete,compact', {}],
    ['COMPACT,DELETE', { 'cleanup.policy': 'delete, compact' }, 'delete', { 'cleanup.policy': 'delete, compact' }],
  ]
  for (const [strategy, configs, usual, expected] of cases) {
    test(`${strategy} beside ${JSON.stringify(configs)} where topics are cleaned by ${usual}`, () =>
      assert.deepEqual(withStrategy(configs, strategy, usual), expected))
  }

  for (const strategy of [undefined, 'DELETE', 'COMPACT', 'COMPACT,DELETE', 'DELETE, COMPACT'])
    test(`may be ${strategy}`, () => assert.equal(strategyProblem({}, strategy), undefined))
  for (const strategy of ['', 'NONE', 'COMPACT,COMPACT', 'DELETE,', ','])
    test(`is not "${strategy}"`, () => assert.match(strategyProblem({}, strategy)!, /COMPACT,DELETE/))
  test('says what cleanup.policy says, or contradicts it', () => {
    assert.equal(strategyProblem({ 'cleanup.policy': 'delete, compact' }, 'COMPACT,DELETE'), undefined)
    assert.match(strategyProblem({ 'cleanup.policy': 'compact' }, 'DELETE')!, /says DELETE, and cleanup.policy compact/)
  })
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
