import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { firstStanding } from '../../src/domain/authority-standing.ts'
import type { AclEntry } from '../../src/domain/acl.ts'
import { resetMoves } from '../../src/domain/consumer-group.ts'
import { millraceCommonName, nodeCommonName, type Keyring } from '../../src/domain/keyring.ts'
import { judgeHealth } from '../../src/domain/rolling.ts'
import { clientListeners, listenerPorts } from '../../src/domain/security.ts'
import { partitionKey } from '../../src/domain/topic.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { makeLazyKafkaClusters } from '../../src/kafka/lazy-clusters.ts'
import { makeLazyKafkaResources } from '../../src/kafka/lazy-resources.ts'
import type { ClusterResources } from '../../src/kafka/resources.ts'
import { makeLocalProvider } from '../../src/providers/local/local-provider.ts'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import { joinGroup, produce } from './kcat.ts'
import { brokersOf, eventually, makeRealHome, type RealHome } from './real-home.ts'

const random = (bytes: number) => randomBytes(bytes)
const resources = makeLazyKafkaResources()

async function startCluster(home: RealHome, nodeCount: number): Promise<BrokerEndpoint[]> {
  const specs = await home.specsFor(nodeCount)
  const brokers = brokersOf(specs)
  const ids = brokers.map(({ kafkaId }) => kafkaId)
  await Promise.all(specs.map((spec) => home.provider.ensureNode(spec, { epoch: 1 })))
  await eventually(60_000, async () => {
    const judgement = judgeHealth(await makeKafkaClusters().observe(brokers), { brokers: ids, voters: ids })
    return judgement.healthy || judgement.why
  })
  return brokers
}

/** What a team keeps in its cluster, on three real nodes. */
describe('topics, users and groups of a real cluster', () => {
  let home: RealHome
  let brokers: BrokerEndpoint[]
  let cluster: ClusterResources
  let servers: string

  before(async () => {
    home = await makeRealHome()
    await home.ready()
    brokers = await startCluster(home, 3)
    cluster = await resources.at(brokers)
    servers = brokers.map(({ host, port }) => `${host}:${port}`).join(',')
  })
  after(() => home.cleanUp())

  /** One broker alone: what it knows of itself. */
  const each = () => Promise.all(brokers.map((broker) => resources.at([broker])))

  test('makes a topic that every broker knows at once, with its settings, and finds it by id and by name', async () => {
    const configs = { 'retention.ms': '86400000', 'cleanup.policy': 'compact' }
    const id = await cluster.createTopic({ name: 'orders', partitions: 6, configs })
    assert.match(id, /^[A-Za-z0-9_-]{22}$/)
    for (const one of await each()) {
      const topic = (await one.findTopic({ id }))!
      assert.deepEqual([topic.name, topic.partitions.length, topic.configs], ['orders', 6, configs])
      assert.deepEqual((await one.findTopic({ name: 'orders' }))!.id, id)
      for (const { replicas } of topic.partitions) assert.deepEqual(replicas.toSorted(), [1, 2, 3])
    }
    assert.equal(await cluster.findTopic({ name: 'nowhere' }), undefined)
    assert.equal(await cluster.findTopic({ id: randomBytes(16).toString('base64url') }), undefined)
    assert.equal(await cluster.findTopic({ id: 'orders' }), undefined)
  })

  test('refuses a topic that is there, and one that Kafka does not take, in its words', async () => {
    const topic = { name: 'orders', partitions: 1, configs: {} }
    await assert.rejects(cluster.createTopic(topic), { kind: 'conflict', code: 'Topic.NameTaken' })
    const refusal = { kind: 'invalid', code: 'Topic.Refused' }
    const odd = { ...topic, name: 'odd' }
    await assert.rejects(cluster.createTopic({ ...odd, configs: { 'retention.ms': 'soon' } }), {
      ...refusal,
      message: /soon/,
    })
    await assert.rejects(cluster.createTopic({ ...odd, configs: { colour: 'red' } }), { ...refusal, message: /colour/ })
    await assert.rejects(cluster.createTopic({ ...odd, replicationFactor: 5 }), { code: 'Topic.Refused' })
    assert.equal(await cluster.usualCleanupPolicy(), 'delete')
    await cluster.createTopic(odd, { validateOnly: true })
    assert.equal(await cluster.findTopic({ name: 'odd' }), undefined)
  })

  test('alters settings, takes them away again, and tells of all with source and documentation', async () => {
    await cluster.alterTopic('orders', { set: { 'retention.ms': '7200000' }, remove: ['cleanup.policy'] })
    for (const one of await each()) {
      assert.deepEqual((await one.findTopic({ name: 'orders' }))!.configs, { 'retention.ms': '7200000' })
    }
    const settings = await cluster.describeTopicSettings('orders')
    const retention = settings.find(({ key }) => key === 'retention.ms')!
    assert.deepEqual(
      [retention.value, retention.source, retention.type, retention.isReadOnly],
      ['7200000', 'topic', 'long', false],
    )
    assert.equal(settings.find(({ key }) => key === 'max.message.bytes')!.otherwise, '1048588')
    assert.match(retention.documentation, /retain/)
    assert.ok(settings.every(({ documentation }) => !/<\w+>/.test(documentation)))
    assert.equal(settings.find(({ key }) => key === 'cleanup.policy')!.source, 'default')
    // Kafka writes a list in its own way.
    await cluster.alterTopic('orders', { set: { 'cleanup.policy': 'delete, compact' }, remove: [] })
    await cluster.alterTopic('orders', { set: {}, remove: ['cleanup.policy'] })
    // Nothing is there to take away, though every object has something of that name.
    await cluster.alterTopic('orders', { set: {}, remove: ['constructor'] })
    const bad = { set: { 'retention.ms': 'soon' }, remove: [] }
    await assert.rejects(cluster.alterTopic('orders', bad), { code: 'Kafka.SettingRefused', message: /soon/ })
    await cluster.alterTopic('orders', { set: { 'retention.ms': '1' }, remove: [] }, { validateOnly: true })
    assert.equal((await cluster.findTopic({ name: 'orders' }))!.configs['retention.ms'], '7200000')
  })

  test('adds partitions, and takes none away', async () => {
    await cluster.growTopic('orders', 8)
    for (const one of await each()) assert.equal((await one.findTopic({ name: 'orders' }))!.partitions.length, 8)
    await assert.rejects(cluster.growTopic('orders', 4), { kind: 'invalid', code: 'Topic.Refused' })
  })

  test('places a topic and its growth where it is told to, and nowhere else', async () => {
    const [seats, copies] = [[1, 3].map((kafkaId) => ({ kafkaId, rack: `zone-${kafkaId}` })), 2]
    const onTwo = await resources.at(brokers, seats)
    await assert.rejects(onTwo.createTopic({ name: 'placed', partitions: 4, configs: {} }), {
      code: 'Instance.TooFewNodes',
    })
    await onTwo.createTopic({ name: 'placed', partitions: 4, replicationFactor: copies, configs: {} })
    await onTwo.growTopic('placed', 7)
    const { partitions } = (await cluster.findTopic({ name: 'placed' }))!
    assert.equal(partitions.length, 7)
    assert.ok(partitions.every(({ replicas }) => replicas.toSorted().join() === '1,3'))
    const led = partitions.filter(({ replicas }) => replicas[0] === 1).length
    assert.ok(led === 3 || led === 4, `${led} of 7 led by node 1`)
    await cluster.deleteTopic('placed')
  })

  test('lists topics with sizes, and partitions with offsets', async () => {
    await produce(
      servers,
      'orders',
      Array.from({ length: 500 }, (_, number) => `${number} ${'x'.repeat(200)}`),
    )
    const listed = (await cluster.listTopics()).find(({ name }) => name === 'orders')!
    const { id: _id, bytes, ...others } = listed
    assert.deepEqual(others, {
      name: 'orders',
      partitions: 8,
      replicationFactor: 3,
      underReplicated: 0,
      offline: 0,
      endOffsets: 500,
      retentionMs: 7_200_000,
      cleanupPolicy: 'delete',
    })
    assert.ok(bytes! > 3 * 500 * 200, `${bytes} bytes`)
    const glance = (await cluster.listTopics({ isGlance: true })).find(({ name }) => name === 'orders')!
    assert.deepEqual([glance.partitions, glance.bytes, glance.retentionMs], [8, null, null])
    const partitions = await cluster.describePartitions('orders')
    assert.deepEqual(
      partitions.map(({ partition }) => partition),
      [0, 1, 2, 3, 4, 5, 6, 7],
    )
    assert.equal(
      partitions.reduce((sum, { endOffset }) => sum + endOffset!, 0),
      500,
    )
    assert.ok(partitions.every(({ startOffset, inSync }) => startOffset === 0 && inSync.length === 3))
    assert.ok(partitions.some((one) => one.bytes! > 0))
  })

  test('tells of a group with its members and its lag, and moves it once they are gone', async () => {
    {
      await using member = joinGroup(servers, 'billing', 'orders')
      await eventually(30_000, async () => {
        const group = await cluster.findGroup('billing')
        return group?.state === 'Stable' || JSON.stringify(group)
      })
      assert.ok(member)
      const group = (await cluster.findGroup('billing'))!
      assert.deepEqual([group.type, group.members!.length], ['classic', 1])
      assert.deepEqual(group.members![0]!.assignments, [{ topic: 'orders', partitions: [0, 1, 2, 3, 4, 5, 6, 7] }])
      const listed = (await cluster.listGroups()).groups.find(({ groupId }) => groupId === 'billing')!
      assert.deepEqual([listed.state, listed.coordinator], ['Stable', group.coordinator])
      assert.equal((await cluster.groupStandings([listed])).get('billing')!.members, 1)
      const inUse = { kind: 'conflict', code: 'Group.InUse' }
      const offsets = [{ topic: 'orders', partition: 0, offset: 0 }]
      await assert.rejects(cluster.commitOffsets('billing', offsets), inUse)
      await assert.rejects(cluster.deleteGroup('billing'), inUse)
      await eventually(20_000, async () => {
        const places = await cluster.groupOffsets('billing')
        const read = places.reduce((sum, { committed }) => sum + (committed ?? 0), 0)
        return read === 500 || `${read} read`
      })
    }
    await eventually(20_000, async () => (await cluster.findGroup('billing'))?.state === 'Empty' || 'not empty')
    const places = await cluster.groupOffsets('billing')
    const { moves } = resetMoves(places, { to: 'earliest' })
    const targets = moves.map(({ topic, partition, target }) => ({ topic, partition, offset: target }))
    await cluster.commitOffsets('billing', targets)
    assert.ok((await cluster.groupOffsets('billing')).every(({ committed }) => committed === 0))
    const listed = (await cluster.listGroups()).groups.find(({ groupId }) => groupId === 'billing')!
    assert.deepEqual((await cluster.groupStandings([listed])).get('billing'), { members: 0, lag: 500 })
    const now = await cluster.offsetsAt(places, new Date(Date.now() + 60_000))
    assert.ok([...now.values()].every((offset) => offset === null))
    const before = await cluster.offsetsAt(places, new Date(0))
    const first = places.find(({ end }) => end! > 0)!
    assert.equal(before.get(partitionKey(first)), 0)

    await cluster.deleteGroup('billing')
    await cluster.deleteGroup('billing')
    assert.equal(await cluster.findGroup('billing'), undefined)
  })

  test('keeps users with both mechanisms, and forgets them', async () => {
    await cluster.putUser({ name: 'svc-orders', password: 'first-password' }, random)
    await cluster.putUser({ name: 'svc-orders', password: 'second-password' }, random)
    for (const one of await each()) {
      const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512']
      assert.deepEqual(await one.listUsers(), [{ name: 'svc-orders', mechanisms }])
    }
    await cluster.deleteUser('svc-orders')
    await cluster.deleteUser('svc-orders')
    assert.deepEqual(await cluster.listUsers(), [])
  })

  test('has no access rules where nothing enforces them, and says why it makes none', async () => {
    const entry: AclEntry = { ...subject, operation: 'READ' }
    assert.equal(await cluster.listAcls(), null)
    await assert.rejects(cluster.createAcls([entry]), { kind: 'conflict', code: 'Acl.NotEnforced' })
    await cluster.deleteAcls([entry])
  })

  test('deletes a topic that every broker forgets at once, and again without complaint', async () => {
    const { id } = (await cluster.findTopic({ name: 'orders' }))!
    await cluster.deleteTopic(id)
    for (const one of await each()) assert.equal(await one.findTopic({ id }), undefined)
    await cluster.deleteTopic(id)
    assert.deepEqual(await cluster.describePartitions('orders'), [])
    const again = await cluster.createTopic({ name: 'orders', partitions: 1, configs: {} })
    await cluster.deleteTopic(id)
    assert.equal((await cluster.findTopic({ name: 'orders' }))!.id, again, 'another topic of that name stays')
    await cluster.deleteTopic(again)
  })

  test('answers within the time of a look while a node is away, and passes it over', async () => {
    const gone = { kafkaId: 9, host: '127.0.0.1', port: 1 }
    const ailing = await resources.at([gone, ...brokers])
    const id = await ailing.createTopic({ name: 'while-away', partitions: 3, configs: {} })
    const [listed] = (await ailing.listTopics()).filter(({ name }) => name === 'while-away')
    assert.deepEqual([listed!.partitions, listed!.bytes], [3, 0])
    await ailing.deleteTopic(id)
  })
})

const subject = {
  principal: 'User:svc-orders',
  host: '*',
  permissionType: 'ALLOW',
  resourceType: 'TOPIC',
  resourceName: 'orders',
  patternType: 'LITERAL',
} as const

describe('a cluster with an authorizer', () => {
  let home: RealHome
  let cluster: ClusterResources

  before(async () => {
    home = await makeRealHome()
    const authority = await createAuthority('Millrace test', new Date())
    const issue = (commonName: string, addresses: string[] = []) =>
      issueCertificate(authority, { commonName, dnsNames: [commonName], addresses, now: new Date(), days: 1 })
    const trust = authority.certificate
    const keyring: Keyring = {
      async storesFor({ kafkaId, address }) {
        const { privateKey, certificate } = await issue(nodeCommonName(kafkaId), [address])
        const key = privateKey + certificate
        return { nodeKey: key, nodeTrust: trust, clientKey: key, clientTrust: trust }
      },
      identityFor: async () => ({ ...(await issue(millraceCommonName)), authority: trust }),
      verifiersFor: async () => [],
    }
    const provider = makeLocalProvider({ home: home.home, homeId: home.homeId, catalogue: home.catalogue, keyring })
    await home.ready(home.version, provider)
    const [plain] = await home.specsFor(1)
    const internalPort = listenerPorts(plain!).internal
    const listeners = clientListeners(
      { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext'] },
      plain!,
    )
    const spec = {
      ...plain!,
      security: { internalPort, listeners, isAuthorized: true, own: null, authority: firstStanding, mark: 'test' },
    }
    await provider.ensureNode(spec, { epoch: 1 })
    const broker = { kafkaId: 1, host: spec.address, port: internalPort, securedBy: spec.instanceId }
    const clusters = makeLazyKafkaClusters(keyring)
    await eventually(60_000, async () => {
      const judgement = judgeHealth(await clusters.observe([broker]), { brokers: [1], voters: [1] })
      return judgement.healthy || judgement.why
    })
    cluster = await makeLazyKafkaResources(keyring).at([broker])
  })
  after(() => home.cleanUp())

  const sorted = (list: AclEntry[]) => list.map((entry) => JSON.stringify(Object.entries(entry).toSorted())).toSorted()

  test('keeps access rules, and forgets the very ones that are taken away', async () => {
    assert.deepEqual(await cluster.listAcls(), [])
    const write: AclEntry = { ...subject, operation: 'WRITE' }
    const entries: AclEntry[] = [
      write,
      { ...subject, operation: 'DESCRIBE' },
      { ...subject, operation: 'DESCRIBE', patternType: 'PREFIXED' },
      { ...subject, resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'ALL', permissionType: 'DENY' },
    ]
    await cluster.createAcls(entries)
    await cluster.createAcls([write])
    assert.deepEqual(sorted((await cluster.listAcls())!), sorted(entries))
    await cluster.deleteAcls([write])
    await cluster.deleteAcls([write])
    assert.deepEqual(sorted((await cluster.listAcls())!), sorted(entries.slice(1)))
  })

  test('takes users and topics from Millrace alone', async () => {
    await cluster.putUser({ name: 'svc-orders', password: 'a-password' }, random)
    assert.deepEqual(await cluster.listUsers().then(([user]) => user?.name), 'svc-orders')
    await cluster.createTopic({ name: 'orders', partitions: 2, configs: {} })
    assert.equal((await cluster.describePartitions('orders')).length, 2)
  })
})
