import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTopicsV7 } from '@platformatic/kafka'
import { judgeHealth } from '../../src/domain/rolling.ts'
import { findVersion } from '../../src/domain/version.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { withBroker } from '../../src/kafka/broker-connection.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import type { NodeSpec } from '../../src/providers/provider.ts'
import { produce } from './kcat.ts'
import { brokersOf, eventually, makeRealHome, type RealHome } from './real-home.ts'

const clusters = makeKafkaClusters()
const mebibyte = 2 ** 20

const becomesHealthy = (brokers: BrokerEndpoint[], voters = [1, 2, 3]) =>
  eventually(60_000, async () => {
    const expected = { brokers: brokers.map(({ kafkaId }) => kafkaId), voters }
    const judgement = judgeHealth(await clusters.observe(brokers), expected)
    return judgement.healthy || judgement.why
  })

/** A topic whose partitions are kept where it says; without a word of where, Kafka chooses. */
const createTopic = (broker: BrokerEndpoint, name: string, layout: number[][] | { partitions: number }) =>
  withBroker(broker, 5_000, (connection) => {
    const isFixed = Array.isArray(layout)
    const assignments = isFixed ? layout.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })) : []
    const topic = { name, numPartitions: isFixed ? -1 : layout.partitions, replicationFactor: -1, assignments }
    return createTopicsV7.api.async(connection, [{ ...topic, configs: [] }], 5_000, false)
  })

/** Every change that operations make to a running cluster, on real nodes; each test goes on from the one before. */
describe('changes of a cluster of real nodes', () => {
  let home: RealHome
  let specs: NodeSpec[]
  /** The three that the cluster was made of, and the fourth, which comes later and only carries data. */
  let first: BrokerEndpoint[]
  let all: BrokerEndpoint[]

  before(async () => {
    home = await makeRealHome()
    await home.ready()
    specs = await home.specsFor(4)
    all = brokersOf(specs)
    first = all.slice(0, 3)
    await Promise.all(specs.slice(0, 3).map((spec) => home.provider.ensureNode(spec, { epoch: 1 })))
    await becomesHealthy(first)
    await createTopic(first[0]!, 'orders', [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ])
    const { host, port } = first[0]!
    const lines = Array.from({ length: 6_000 }, (_, number) => `${number} `.padEnd(4_000, 'x'))
    await produce(`${host}:${port}`, 'orders', lines)
  })
  after(() => home.cleanUp())

  const orders = async () =>
    (await clusters.observe(all)).partitions
      .filter(({ topic }) => topic === 'orders')
      .toSorted((one, other) => one.partition - other.partition)
  /** Brokers hear of a change a moment after the controller made it. */
  const isAt = (partition: number, wanted: number[]) =>
    eventually(10_000, async () => {
      const { replicas } = (await orders())[partition]!
      return replicas.toSorted().join() === wanted.toSorted().join() || replicas.join()
    })
  const replicasOn = async (kafkaId: number) => (await clusters.replicas(all)).filter((one) => one.kafkaId === kafkaId)
  const settingOf = async (kafkaId: number, key: string) =>
    (await clusters.describeSettings(all, kafkaId)).find((setting) => setting.key === key)
  const settled = () =>
    eventually(30_000, async () => {
      const underWay = await clusters.listReassignments(all)
      return underWay.length === 0 || JSON.stringify(underWay)
    })

  test('tells how many replicas every topic needs in sync, and the size of every replica', async () => {
    const needed = await clusters.minInSync(first)
    assert.equal(needed.get('orders'), 2)
    const replicas = (await clusters.replicas(first)).filter(({ topic }) => topic === 'orders')
    assert.equal(replicas.length, 9)
    const bytes = replicas.reduce((sum, replica) => sum + replica.bytes, 0)
    assert.ok(bytes > 3 * 6_000 * 4_000, `${bytes} bytes`)
    const one = { topic: 'orders', partition: 1 }
    assert.deepEqual(
      await clusters.replicas(first, [one]),
      replicas.filter(({ partition }) => partition === 1),
    )
  })

  test('asks the next node when one does not answer', async () => {
    const deaf = { kafkaId: 9, host: first[0]!.host, port: 1 }
    assert.equal((await clusters.minInSync([deaf, ...first])).get('orders'), 2)
    await assert.rejects(clusters.minInSync([deaf]), { kind: 'unavailable', code: 'Kafka.Unreachable' })
    await assert.rejects(clusters.listReassignments([]), { kind: 'unavailable', code: 'Kafka.Unreachable' })
  })

  test('gives a new node nothing by itself', async () => {
    await home.provider.ensureNode(specs[3]!, { epoch: 1 })
    await becomesHealthy(all)
    assert.deepEqual(await replicasOn(4), [])
    assert.deepEqual(await clusters.listReassignments(all), [])
  })

  test('moves under a throttle that holds until it is lifted, and leaves nothing of it behind', async () => {
    const moves = [{ topic: 'orders', partition: 0, from: [1, 2, 3], to: [4, 2, 3] }]
    const size = Math.max(...(await replicasOn(1)).map(({ bytes }) => bytes))
    assert.ok(size > 4 * mebibyte, `${size} bytes`)
    await clusters.throttleMoves(all, { bytesPerSecond: 100_000, topics: ['orders'] })
    await eventually(5_000, async () => {
      const rate = await settingOf(4, 'leader.replication.throttled.rate')
      return rate?.value === '100000' || JSON.stringify(rate)
    })
    await clusters.reassign(all, moves)
    const startedAt = Date.now()
    await eventually(10_000, async () => Date.now() - startedAt > 3_000 || 'too early')
    assert.deepEqual(await clusters.listReassignments(all), [
      { topic: 'orders', partition: 0, replicas: [4, 2, 3, 1], adding: [4], removing: [1] },
    ])
    const copied = (await replicasOn(4)).reduce((sum, { bytes }) => sum + bytes, 0)
    assert.ok(copied < size, `${copied} of ${size} bytes after 3 s`)

    await clusters.liftThrottle(all)
    await settled()
    await isAt(0, [4, 2, 3])
    for (const { kafkaId } of all) {
      const left = (await clusters.describeSettings(all, kafkaId)).filter(
        ({ key, source }) => /throttled/.test(key) && source.startsWith('dynamic'),
      )
      assert.deepEqual(left, [])
    }
    await clusters.liftThrottle(all)
  })

  test('gives up a move at any time: what was on its way stays where it was', async () => {
    const moves = [{ topic: 'orders', partition: 1, from: [2, 3, 1], to: [4, 3, 1] }]
    await clusters.throttleMoves(all, { bytesPerSecond: 100_000, topics: ['orders'] })
    await clusters.reassign(all, moves)
    assert.equal((await clusters.listReassignments(all)).length, 1)
    const everything = [0, 1, 2].map((partition) => ({ topic: 'orders', partition }))
    await clusters.cancelReassignments(all, everything)
    await settled()
    await clusters.cancelReassignments(all, [...everything, { topic: 'gone', partition: 0 }])
    await clusters.liftThrottle(all)
    await isAt(1, [2, 3, 1])
  })

  test('refuses to move to a node that the cluster does not know, in the words of Kafka', async () => {
    const move = { topic: 'orders', partition: 0, to: [1, 2, 99] }
    await assert.rejects(clusters.reassign(all, [move]), { kind: 'invalid', code: 'Kafka.MoveRefused', message: /99/ })
  })

  test('brings leaders back to where they belong, and is content when they are there', async () => {
    await clusters.reassign(all, [{ topic: 'orders', partition: 2, to: [1, 3, 2] }])
    await settled()
    const everyone = await orders()
    assert.deepEqual(await clusters.electPreferredLeaders(all, everyone), [])
    await eventually(10_000, async () => {
      const led = await orders()
      const areHome = led.every(({ leader, replicas }) => leader === replicas[0])
      return (areHome && led[2]!.leader === 1) || JSON.stringify(led)
    })
    assert.deepEqual(await clusters.electPreferredLeaders(all, everyone), [])
  })

  test('sets what holds for all nodes, and takes it away again', async () => {
    const key = 'log.retention.ms'
    const isEverywhere = (value: string | null, source: string) =>
      eventually(10_000, async () => {
        const seen = await Promise.all(all.map(({ kafkaId }) => settingOf(kafkaId, key)))
        return seen.every((one) => one?.value === value && one.source === source) || JSON.stringify(seen)
      })
    const before = (await settingOf(1, key))!
    await clusters.alterSettings(all, { set: { [key]: '7200000' }, remove: [] }, { validateOnly: true })
    assert.deepEqual(await settingOf(1, key), before)
    await clusters.alterSettings(all, { set: { [key]: '7200000' }, remove: [] })
    await isEverywhere('7200000', 'dynamic-default')
    await clusters.alterSettings(all, { set: {}, remove: [key, 'log.cleaner.threads'] })
    await isEverywhere(before.value, before.source)
  })

  test('refuses a setting in the words of Kafka', async () => {
    const refusal = { kind: 'invalid', code: 'Kafka.SettingRefused' }
    const alter = (set: Record<string, string>) => clusters.alterSettings(all, { set, remove: [] })
    await assert.rejects(alter({ 'log.retention.ms': 'soon' }), { ...refusal, message: /soon|log\.retention\.ms/ })
    await assert.rejects(alter({ 'process.roles': 'broker' }), { ...refusal, message: /process\.roles/ })
  })

  test('shows what a node runs with, but no secret', async () => {
    const settings = await clusters.describeSettings(all, 4)
    assert.ok(settings.length > 200, `${settings.length} settings`)
    const of = (key: string) => settings.find((setting) => setting.key === key)
    assert.deepEqual(of('node.id'), {
      key: 'node.id',
      value: '4',
      source: 'static',
      isReadOnly: true,
      isSecret: false,
      type: 'int',
    })
    assert.deepEqual([of('ssl.key.password')?.isSecret, of('ssl.key.password')?.value], [true, null])
    assert.equal(of('compression.type')?.source, 'default')
    assert.equal(of('compression.type')?.isReadOnly, false)
  })

  test('has the features of its version, and raises none that is there', async () => {
    const levels = findVersion(home.catalogue, home.version)!.features!
    const { finalized, supported } = await clusters.features(all)
    for (const [name, level] of Object.entries(levels)) {
      assert.equal(finalized[name], level, name)
      assert.ok(supported[name]! >= level, name)
    }
    await clusters.finalizeFeatures(all, levels)
    await clusters.finalizeFeatures(all, { 'metadata.version': levels['metadata.version']! - 1 })
    await assert.rejects(clusters.finalizeFeatures(all, { 'metadata.version': 999 }), {
      kind: 'invalid',
      code: 'Kafka.FeatureRefused',
      message: /999/,
    })
    assert.deepEqual((await clusters.features(all)).finalized, finalized)
  })

  /** Of a topic that is made now: how many of its replicas Kafka put on node 4. */
  const countOfNew = async (name: string): Promise<number> => {
    await createTopic(first[0]!, name, { partitions: 12 })
    let replicas: number[] = []
    await eventually(10_000, async () => {
      const { partitions } = await clusters.observe(all)
      replicas = partitions.filter(({ topic }) => topic === name).flatMap((one) => one.replicas)
      return replicas.length === 36 || `${replicas.length} of 36 replicas`
    })
    return replicas.filter((kafkaId) => kafkaId === 4).length
  }

  test('keeps new partitions off a cordoned node', async () => {
    assert.equal(await clusters.cordon(all, 4, true), true)
    // The node tells the controller of its cordon with a heartbeat: a topic made before may still come to it.
    let turn = 0
    await eventually(
      20_000,
      async () => (await countOfNew(`while-cordoned-${turn++}`)) === 0 || 'still gets partitions',
    )
    assert.equal(await clusters.cordon(all, 4, false), true)
    await eventually(5_000, async () => {
      const setting = await settingOf(4, 'cordoned.log.dirs')
      return !setting?.source.startsWith('dynamic') || JSON.stringify(setting)
    })
    await eventually(20_000, async () => (await countOfNew(`once-free-${turn++}`)) > 0 || 'still gets none')
  })

  test('forgets a node that is empty and has stopped, never one that lives', async () => {
    const alive = { kind: 'conflict', code: 'Kafka.BrokerAlive' }
    await assert.rejects(clusters.unregisterBroker(all, 4), alive)
    const held = await replicasOn(4)
    const states = (await clusters.observe(all)).partitions
    const moves = states
      .filter(({ topic, partition }) => held.some((one) => one.topic === topic && one.partition === partition))
      .map(({ topic, partition, replicas }) => ({
        topic,
        partition,
        to: replicas.map((id) => (id === 4 ? [1, 2, 3].find((other) => !replicas.includes(other))! : id)),
      }))
    await clusters.reassign(all, moves)
    await settled()
    await eventually(10_000, async () => {
      const left = await replicasOn(4)
      return left.length === 0 || JSON.stringify(left)
    })

    const { instanceId } = specs[3]!
    await home.provider.stopNode(instanceId, 4, { epoch: 1 })
    await eventually(20_000, async () => {
      const [seen] = (await home.provider.inspectNodes(instanceId)).filter(({ kafkaId }) => kafkaId === 4)
      return seen!.process === 'stopped' || seen!.process
    })
    const registered = async () =>
      (await clusters.registeredBrokers(first)).map(
        ({ kafkaId, isFenced }) => `${kafkaId} ${isFenced ? 'dead' : 'alive'}`,
      )
    await eventually(20_000, async () => {
      const now = (await registered()).toSorted().join()
      return now === '1 alive,2 alive,3 alive,4 dead' || now
    })
    await eventually(20_000, async () => {
      return clusters.unregisterBroker(first, 4).then(
        () => true as const,
        (error: Error & { code: string }) => (assert.equal(error.code, alive.code), error.message),
      )
    })
    await clusters.unregisterBroker(first, 4)
    assert.equal((await registered()).length, 3)
    await becomesHealthy(first)
  })
})

test('makes the features of a newer version final, which an older one has not', async () => {
  const home = await makeRealHome()
  try {
    const [older, newer] = ['3.9.2', home.version]
    for (const version of [older, newer]) await home.ready(version)
    const [spec] = await home.specsFor(1, { version: older })
    const brokers = brokersOf([spec!])
    const featuresOf = (version: string) => findVersion(home.catalogue, version)!.features!
    await home.provider.ensureNode(spec!, { epoch: 1 })
    await becomesHealthy(brokers, [1])
    assert.equal(
      (await clusters.features(brokers)).finalized['metadata.version'],
      featuresOf(older)['metadata.version'],
    )
    assert.equal(await clusters.cordon(brokers, 1, true), false)
    await assert.rejects(clusters.finalizeFeatures(brokers, featuresOf(newer)), { code: 'Kafka.FeatureRefused' })

    await home.provider.stopNode(spec!.instanceId, 1, { epoch: 1 })
    await eventually(20_000, async () => {
      const [seen] = await home.provider.inspectNodes(spec!.instanceId)
      return seen!.process === 'stopped' || seen!.process
    })
    await home.provider.ensureNode({ ...spec!, version: newer }, { epoch: 1 })
    await becomesHealthy(brokers, [1])
    await clusters.finalizeFeatures(brokers, featuresOf(newer), { validateOnly: true })
    const finalizedNow = async () => (await clusters.features(brokers)).finalized
    assert.equal((await finalizedNow())['metadata.version'], featuresOf(older)['metadata.version'])
    // The metadata version of old knows no cordon, however new the program.
    assert.equal(await clusters.cordon(brokers, 1, true), false)
    await clusters.finalizeFeatures(brokers, featuresOf(newer))
    await eventually(5_000, async () => {
      const finalized = await finalizedNow()
      const isThere = Object.entries(featuresOf(newer)).every(([name, level]) => finalized[name] === level)
      return isThere || JSON.stringify(finalized)
    })
  } finally {
    await home.cleanUp()
  }
})
