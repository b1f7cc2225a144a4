import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { TopicSummary } from '../../kafka/resources.ts'
import { makeTopicCache, type TopicCache } from './topic-cache.ts'

const instanceId = 'kf-0000000000000000' as InstanceId

const topic = (name: string): TopicSummary => ({
  id: name,
  name,
  partitions: 1,
  replicationFactor: 1,
  underReplicated: 0,
  offline: 0,
  bytes: 0,
  endOffsets: 0,
  retentionMs: null,
  cleanupPolicy: null,
})

describe('the topics that are known', () => {
  let time: number
  let cache: TopicCache
  let loads: number
  let answer: () => Promise<TopicSummary[]>
  let glance: () => Promise<TopicSummary[]>
  const load = ({ isGlance }: { isGlance: boolean }) => {
    if (isGlance) return glance()
    loads++
    return answer()
  }
  const names = async () => (await cache.read(instanceId, load)).topics.map(({ name }) => name).toSorted()

  beforeEach(() => {
    time = 1_000
    loads = 0
    answer = async () => [topic('orders')]
    glance = async () => assert.fail('a glance is for who would wait too long')
    cache = makeTopicCache({ now: () => new Date(time), freshMs: 100, patienceMs: 5, most: 2 })
  })

  test('are asked for once while they are fresh, and say from when they are', async () => {
    assert.deepEqual(await names(), ['orders'])
    time += 100
    const { asOf, problem } = await cache.read(instanceId, load)
    assert.deepEqual([asOf.getTime(), problem, loads], [1_000, null, 1])
    time += 1
    await names()
    assert.equal(loads, 2)
  })

  test('are shown as they were while Kafka is slow, and as they are when it has answered', async () => {
    await names()
    time += 1_000
    const slow = Promise.withResolvers<TopicSummary[]>()
    answer = () => slow.promise
    const { asOf } = await cache.read(instanceId, load)
    assert.equal(asOf.getTime(), 1_000)
    await names()
    assert.equal(loads, 2, 'one question at a time')
    slow.resolve([topic('orders'), topic('payments')])
    await slow.promise
    assert.deepEqual(await names(), ['orders', 'payments'])
  })

  test('begin with a glance where Kafka is slow, which the whole answer replaces, however late', async () => {
    const slow = Promise.withResolvers<TopicSummary[]>()
    answer = () => slow.promise
    glance = async () => [{ ...topic('orders'), bytes: null }]
    assert.equal((await cache.read(instanceId, load)).topics[0]!.bytes, null)
    slow.resolve([topic('orders'), topic('payments')])
    await slow.promise
    assert.deepEqual(await names(), ['orders', 'payments'])
    assert.equal((await cache.read(instanceId, load)).topics[0]!.bytes, 0)
  })

  test('tell how fast they grow once they were told of twice, and go on telling after a change', async () => {
    const rate = async () => (await cache.read(instanceId, load)).topics[0]!.messagesPerSecond
    assert.equal(await rate(), null)
    time += 2_000
    answer = async () => [{ ...topic('orders'), endOffsets: 500 }]
    assert.equal(await rate(), 250)
    cache.put(instanceId, { ...topic('orders'), partitions: 3, endOffsets: null })
    assert.equal(await rate(), 250)
  })

  test('are shown with the problem when Kafka does not answer; the first reader hears of it', async () => {
    const trouble = async () => {
      throw new AppError('unavailable', 'Kafka.Unreachable', 'nothing listens there')
    }
    answer = trouble
    await assert.rejects(cache.read(instanceId, load), /nothing listens/)
    answer = async () => [topic('orders')]
    await names()
    time += 1_000
    answer = trouble
    const { topics, problem } = await cache.read(instanceId, load)
    assert.deepEqual([topics.length, problem], [1, 'nothing listens there'])
    answer = async () => [topic('orders')]
    assert.equal((await cache.read(instanceId, load)).problem, null)
  })

  test('have what was changed here at once, whatever Kafka told before', async () => {
    await names()
    cache.put(instanceId, topic('payments'))
    cache.drop(instanceId, 'orders')
    assert.deepEqual(await names(), ['payments'])

    time += 1_000
    const slow = Promise.withResolvers<TopicSummary[]>()
    answer = () => slow.promise
    await names()
    cache.put(instanceId, topic('shipping'))
    slow.resolve([topic('payments')])
    await slow.promise
    assert.deepEqual(await names(), ['payments', 'shipping'])
  })

  test('are as Kafka tells, however fast they are changed here meanwhile', async () => {
    await names()
    for (const [round, bytes] of [100, 200, 300].entries()) {
      time += 1_000
      const slow = Promise.withResolvers<TopicSummary[]>()
      answer = () => slow.promise
      await names()
      cache.put(instanceId, { ...topic(`new-${round}`), bytes: null })
      cache.drop(instanceId, 'gone')
      slow.resolve([{ ...topic('orders'), bytes }, topic('gone')])
      await slow.promise
      const { topics, asOf } = await cache.read(instanceId, load)
      assert.equal(asOf.getTime(), time)
      assert.deepEqual(
        topics.map(({ name, bytes: size }) => [name, size]),
        [
          ['orders', bytes],
          [`new-${round}`, null],
        ],
      )
      // The question is over, and the next may be asked.
      await setImmediate()
    }
  })

  test('have what was changed here before the first answer came', async () => {
    const slow = Promise.withResolvers<TopicSummary[]>()
    answer = () => slow.promise
    // Asked for after the change, so that it tells of it.
    glance = async () => [topic('orders'), topic('payments')]
    const looking = names()
    cache.put(instanceId, topic('payments'))
    assert.deepEqual(await looking, ['orders', 'payments'])
    slow.resolve([topic('orders')])
    await slow.promise
    assert.deepEqual(await names(), ['orders', 'payments'])
  })

  test('are kept of the Instances that somebody looked at last', async () => {
    const others = ['kf-1', 'kf-2'] as InstanceId[]
    await names()
    for (const other of others) await cache.read(other, load)
    assert.equal(loads, 3)
    await cache.read(others[0]!, load)
    await cache.read(others[1]!, load)
    assert.equal(loads, 3)
    await names()
    assert.equal(loads, 4)
  })
})
