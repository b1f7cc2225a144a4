import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { createInstance, newInstance, runInstance, setByHand } from '../../harness/instances.ts'

const fiveNodes = { ...newInstance().spec, reservedAku: 10 }

describe('topics', () => {
  let app: TestApp
  let client: Client
  let instanceId: string
  let path: string

  before(async () => {
    app = await makeApp()
    client = await app.signIn()
    instanceId = await runInstance(app, client)
    path = `/instances/${instanceId}/topics`
  })
  after(() => app[Symbol.asyncDispose]())
  beforeEach(() => app.simulated.holdingsOf(instanceId as InstanceId).topics.clear())

  /** As the Terraform provider sends it. */
  const wanted = (otherwise: Record<string, unknown> = {}) => ({
    name: 'orders',
    partition: 16,
    compactStrategy: 'DELETE',
    configs: [
      { key: 'cleanup.policy', value: 'delete' },
      { key: 'retention.ms', value: '86400000' },
    ],
    ...otherwise,
  })

  const create = async (otherwise: Record<string, unknown> = {}): Promise<string> => {
    const { status, body, text } = await client.post(path, wanted(otherwise))
    assert.equal(status, 201, text)
    return body.topicId
  }

  test('made or grown while nodes leave come onto the others, also where Kafka knows no cordon', async () => {
    const id = await runInstance(app, client, { name: 'shrinks', spec: fiveNodes })
    await client.patch(`/instances/${id}`, { spec: { reservedAku: 3 } })
    const { body } = await client.post(`/instances/${id}/topics`, wanted())
    const ofTopic = `/instances/${id}/topics/${body.topicId}`
    assert.equal((await client.patch(`${ofTopic}/partition-counts`, { partition: 20 })).status, 200)
    const { list } = (await client.get(`${ofTopic}/partitions`)).body
    assert.equal(list.length, 20)
    assert.deepEqual(new Set(list.flatMap(({ replicas }: { replicas: number[] }) => replicas)), new Set([1, 2, 3]))
    await app.settle()
  })

  describe('POST', () => {
    test('answers the topic as it was asked for, and it can be read at once', async () => {
      const made = await client.post(path, wanted())
      assert.equal(made.status, 201)
      const { topicId, ...topic } = made.body
      assert.deepEqual(topic, {
        name: 'orders',
        partition: 16,
        configs: { 'cleanup.policy': 'delete', 'retention.ms': '86400000' },
        replicationFactor: 3,
        underReplicated: 0,
        offline: 0,
      })
      assert.match(topicId, /^[\w-]{22}$/)
      assert.equal(made.headers.get('location'), `/api/v1${path}/${topicId}`)
      assert.deepEqual((await client.get(`${path}/${topicId}`)).body, made.body)
    })

    test('takes 16 partitions where none is said, and the strategy as a setting', async () => {
      const { body } = await client.post(path, { name: 'log', compactStrategy: 'COMPACT,DELETE' })
      assert.deepEqual([body.partition, body.configs], [16, { 'cleanup.policy': 'compact,delete' }])
    })

    test('sets the strategy where topics are cleaned up otherwise by themselves, and says no more than that', async () => {
      const byHand = (set: Record<string, string>) => setByHand(app, instanceId, { set })
      await byHand({ 'log.cleanup.policy': 'compact' })
      const configs = { configs: [] }
      const kept = await client.post(path, wanted({ ...configs, name: 'kept' }))
      const compacted = await client.post(path, wanted({ ...configs, name: 'compacted', compactStrategy: 'COMPACT' }))
      await byHand({ 'log.cleanup.policy': 'delete' })
      assert.deepEqual([kept.body.configs, compacted.body.configs], [{ 'cleanup.policy': 'delete' }, {}])
    })

    const refusals: [string, Record<string, unknown>, string, RegExp][] = [
      ['a name that is none', { name: 'or ders' }, 'name', /letters, digits/],
      ["Kafka's own name", { name: '__consumer_offsets' }, 'name', /belongs to Kafka/],
      ['no partition', { partition: 0 }, 'partition', /1 to 1,024/],
      ['too many partitions', { partition: 1025 }, 'partition', /1 to 1,024/],
      ['half a partition', { partition: 1.5 }, 'partition', /1 to 1,024/],
      ['a strategy against its settings', { compactStrategy: 'COMPACT' }, 'compactStrategy', /cleanup.policy delete/],
      ['a field that is not there', { partitions: 3 }, 'partitions', /spelling/],
      ['a setting twice', { configs: [wanted().configs[0], wanted().configs[0]] }, 'configs.1.key', /twice/],
      ['a setting without a key', { configs: [{ key: '', value: '1' }] }, 'configs.0.key', /as retention.ms/],
      ['a key that is none', { configs: [{ key: '__proto__', value: '1' }] }, 'configs.0.key', /as retention.ms/],
      [
        'a value longer than Kafka reads',
        { configs: [{ key: 'a', value: 'ö'.repeat(16_001) }] },
        'configs.0.value',
        /32,000 bytes/,
      ],
      [
        'settings without end',
        { configs: Array.from({ length: 201 }, () => ({ key: 'a', value: '1' })) },
        'configs',
        /At most 200/,
      ],
      ['no such strategy', { configs: [], compactStrategy: 'SHRINK' }, 'compactStrategy', /COMPACT,DELETE/],
    ]
    for (const [what, otherwise, field, words] of refusals) {
      test(`refuses ${what}`, async () => {
        const { status, body } = await client.post(path, wanted(otherwise))
        assert.deepEqual([status, body.error.fields[0].path], [400, field])
        assert.match(body.error.message, words)
      })
    }

    test('refuses what Kafka refuses, in its words, and writes nothing into the audit', async () => {
      const before = (await audit()).length
      const configs = [{ key: 'retention.ms', value: 'soon' }]
      const { status, body } = await client.post(path, wanted({ configs }))
      assert.deepEqual([status, body.error.code], [400, 'Topic.Refused'])
      assert.match(body.error.message, /soon/)
      assert.equal(body.error.fields[0].path, 'configs.0.value')
      const spread = await client.post(path, wanted({ replicationFactor: 9 }))
      assert.deepEqual([spread.status, spread.body.error.fields[0].path], [400, 'replicationFactor'])
      assert.equal((await audit()).length, before)
    })

    test('answers 409 for a name that is taken', async () => {
      await create()
      const { status, body } = await client.post(path, wanted())
      assert.deepEqual([status, body.error.code], [409, 'Topic.NameTaken'])
    })

    test('makes one topic for an Idempotency-Key, and gives the key back when Kafka refuses', async () => {
      const headers = { 'idempotency-key': 'topic-once' }
      const bad = await client.post(path, wanted({ configs: [{ key: 'colour', value: 'red' }] }), headers)
      assert.equal(bad.status, 400)
      const actions = (await audit()).slice(-2).map(({ action }) => action)
      assert.deepEqual(actions, ['topic.create', 'topic.create-failed'])
      const first = await client.post(path, wanted(), headers)
      const second = await client.post(path, wanted(), headers)
      assert.deepEqual([first.status, second.status, second.body.topicId], [201, 201, first.body.topicId])
      assert.equal(second.headers.get('idempotency-replayed'), 'true')
    })

    test('makes it by a repeat where Millrace was lost before it could say that it did', async () => {
      const ask = () => client.post(path, wanted(), { 'idempotency-key': 'topic-lost' })
      const first = await ask()
      const forgetTheEnd = () =>
        app.database.db.updateTable('idempotency_keys').set({ begun_until: app.now() }).execute()
      await forgetTheEnd()
      const again = await ask()
      assert.deepEqual([again.status, again.body.topicId], [201, first.body.topicId])
      await client.delete(`${path}/${first.body.topicId}`)
      await forgetTheEnd()
      assert.equal((await ask()).status, 201)
      assert.equal((await client.get(`${path}/${first.body.topicId}`)).status, 200)
    })
  })

  describe('PATCH', () => {
    test('adds partitions', async () => {
      const one = `${path}/${await create()}`
      const { status, body } = await client.patch(`${one}/partition-counts`, { partition: 32 })
      assert.deepEqual([status, body.partition], [200, 32])
      assert.equal((await client.get(one)).body.partition, 32)
      assert.equal((await client.patch(`${one}/partition-counts`, { partition: 32 })).status, 200)
    })

    test('refuses to take partitions away', async () => {
      const one = `${path}/${await create()}`
      const { status, body } = await client.patch(`${one}/partition-counts`, { partition: 8 })
      assert.equal(status, 400)
      assert.match(body.error.message, /16 partitions, and Kafka cannot take one away/)
    })

    test('changes settings, answers the topic, and takes a null for what holds for all', async () => {
      const one = `${path}/${await create()}`
      const set = await client.patch(`${one}/configurations`, { configs: [{ key: 'retention.ms', value: '1000' }] })
      assert.equal(set.status, 200)
      assert.deepEqual(set.body.configs, { 'cleanup.policy': 'delete', 'retention.ms': '1000' })
      const gone = await client.patch(`${one}/configurations`, { configs: [{ key: 'retention.ms', value: null }] })
      assert.deepEqual(gone.body.configs, { 'cleanup.policy': 'delete' })
    })

    test('refuses settings that Kafka refuses', async () => {
      const one = `${path}/${await create()}`
      const { status, body } = await client.patch(`${one}/configurations`, {
        configs: [{ key: 'colour', value: 'red' }],
      })
      assert.deepEqual([status, body.error.code], [400, 'Kafka.SettingRefused'])
      assert.equal(body.error.fields[0].path, 'configs.0.key')
    })

    test('answers 404 for a topic that is gone', async () => {
      for (const id of ['AAAAAAAAAAAAAAAAAAAAAQ', 'no-id']) {
        const { status, body } = await client.patch(`${path}/${id}/partition-counts`, { partition: 8 })
        assert.deepEqual([status, body.error.code], [404, 'Topic.NotFound'])
      }
    })
  })

  test('refuses a setting that a change names twice, by its index', async () => {
    const one = `${path}/${await create()}`
    const configs = [
      { key: 'retention.ms', value: '1' },
      { key: 'retention.ms', value: null },
    ]
    const { status, body } = await client.patch(`${one}/configurations`, { configs })
    assert.deepEqual([status, body.error.code, body.error.fields[0].path], [400, 'Topic.Invalid', 'configs.1.key'])
  })

  test('a setting that is called as something of every object was not there before', async () => {
    const one = `${path}/${await create()}`
    const configs = [{ key: 'constructor', value: null }]
    assert.equal((await client.patch(`${one}/configurations`, { configs })).status, 200)
    assert.deepEqual((await audit()).at(-1)!.detail, {
      subject: 'orders',
      before: { constructor: null },
      after: { constructor: null },
    })
  })

  test("Kafka's own topics can be looked at, and not changed", async () => {
    const { topics } = app.simulated.holdingsOf(instanceId as InstanceId)
    const id = await create()
    topics.set('__consumer_offsets', {
      ...topics.get('orders')!,
      id: 'AAAAAAAAAAAAAAAAAAAAAg',
      name: '__consumer_offsets',
    })
    topics.delete('orders')
    const one = `${path}/AAAAAAAAAAAAAAAAAAAAAg`
    assert.equal((await client.get(one)).body.name, '__consumer_offsets')
    const changes = [
      await client.patch(`${one}/partition-counts`, { partition: 20 }),
      await client.patch(`${one}/configurations`, { configs: [{ key: 'retention.ms', value: '1' }] }),
      await client.delete(one),
    ]
    for (const { status, body } of changes) assert.deepEqual([status, body.error.code], [400, 'Topic.Internal'])
    assert.ok(topics.has('__consumer_offsets') && id)
  })

  test("topics of the team's own programs are listed, changed and deleted, whatever they are called", async () => {
    const { topics } = app.simulated.holdingsOf(instanceId as InstanceId)
    const id = await create()
    const name = '__CruiseControlMetrics'
    topics.set(name, { ...topics.get('orders')!, name })
    topics.delete('orders')
    const [listed] = (await client.get(path)).body.list
    assert.equal(listed.name, name)
    assert.equal((await client.patch(`${path}/${id}/partition-counts`, { partition: 20 })).status, 200)
    assert.equal((await client.delete(`${path}/${id}`)).status, 204)
    assert.ok(!topics.has(name))
  })

  describe('DELETE', () => {
    test('takes it away, and is content when it is gone', async () => {
      const one = `${path}/${await create()}`
      assert.equal((await client.delete(one)).status, 204)
      assert.equal((await client.get(one)).status, 404)
      assert.equal((await client.delete(one)).status, 204)
    })
  })

  describe('GET', () => {
    test('lists by name, narrows down, sorts and pages, and says how old it is', async () => {
      app.pass(60)
      for (const [name, partition] of [
        ['orders', 3],
        ['orders-2', 9],
        ['payments', 6],
      ])
        await create({ name, partition })
      const all = (await client.get(path)).body
      const namesOf = (body: { list: { name: string }[] }) => body.list.map(({ name }) => name)
      assert.deepEqual(namesOf(all), ['orders', 'orders-2', 'payments'])
      assert.deepEqual([all.total, all.asOf, all.problem], [3, app.now().toISOString(), null])
      assert.deepEqual(namesOf((await client.get(`${path}?sort=partition&desc=true`)).body), [
        'orders-2',
        'payments',
        'orders',
      ])
      assert.deepEqual(namesOf((await client.get(`${path}?keyword=orders&sort=partition&desc=true`)).body), [
        'orders',
        'orders-2',
      ])
      const second = (await client.get(`${path}?size=2&page=2`)).body
      assert.deepEqual([namesOf(second), second.total, second.totalPage], [['payments'], 3, 2])
      app.pass(1)
      assert.ok((await client.get(path)).body.asOf < app.now().toISOString(), 'told a moment ago')
    })

    test('tells sizes, retention and how many records come in a second', async () => {
      app.pass(60)
      await create({ name: 'clicks', partition: 2 })
      const held = app.simulated.holdingsOf(instanceId as InstanceId).topics.get('clicks')!
      const clicks = async () => {
        const { topicId: _id, ...topic } = (await client.get(path)).body.list[0]
        return topic
      }
      app.pass(60)
      const first = await clicks()
      held.records = 300
      app.pass(60)
      const told = { name: 'clicks', partition: 2, replicationFactor: 3, underReplicated: 0, offline: 0 }
      const settings = { retentionMs: 86_400_000, cleanupPolicy: 'delete' }
      assert.deepEqual(await clicks(), { ...told, ...settings, size: 2 * 3 * 300 * 1024, messagesPerSecond: 10 })
      assert.deepEqual([first.size, first.messagesPerSecond], [0, null])
    })

    test('has what was changed through it at once, although it is told from memory', async () => {
      app.pass(60)
      await create()
      await client.get(path)
      const id = await create({ name: 'payments', partition: 2 })
      const partitionOf = async (name: string) =>
        (await client.get(path)).body.list.find((one: { name: string }) => one.name === name)?.partition
      assert.equal(await partitionOf('payments'), 2)
      await client.patch(`${path}/${id}/partition-counts`, { partition: 4 })
      assert.equal(await partitionOf('payments'), 4)
      await client.delete(`${path}/${id}`)
      assert.equal(await partitionOf('payments'), undefined)
    })

    test('tells of partitions, and of each setting with its source and its words', async () => {
      const id = await create({ partition: 2 })
      app.simulated.holdingsOf(instanceId as InstanceId).topics.get('orders')!.records = 10
      const { list } = (await client.get(`${path}/${id}/partitions`)).body
      const told = { inSync: [1, 2, 3], startOffset: 0, endOffset: 10, size: 10_240 }
      assert.deepEqual(list[0], { partition: 0, leader: 1, replicas: [1, 2, 3], ...told })
      assert.equal(list.length, 2)
      const settings = (await client.get(`${path}/${id}/settings`)).body.list
      const retention = settings.find(({ key }: { key: string }) => key === 'retention.ms')
      assert.deepEqual([retention.value, retention.source, retention.otherwise], ['86400000', 'topic', '604800000'])
      assert.ok(retention.documentation.length > 10)
    })

    test('shows a partition whose node is away as under-replicated', async () => {
      const id = await create({ partition: 3 })
      app.simulated.killNode(instanceId as InstanceId, 1)
      const { body } = await client.get(`${path}/${id}`)
      assert.deepEqual([body.underReplicated, body.offline], [3, 0])
      app.simulated.troubleNode(instanceId as InstanceId, 1, null)
    })
  })

  test('answers 503, never 404, when no node can be asked', async () => {
    const other = await runInstance(app, client, { name: 'silent' })
    for (const kafkaId of [1, 2, 3]) app.simulated.killNode(other as InstanceId, kafkaId)
    const { status, body } = await client.get(`/instances/${other}/topics/AAAAAAAAAAAAAAAAAAAAAQ`)
    assert.deepEqual([status, body.error.code], [503, 'Kafka.Unreachable'])
  })

  test('are there while the Instance is changed, not yet while it is created, and gone with it', async () => {
    const id = await createInstance(client, { name: 'changing' })
    const own = `/instances/${id}/topics`
    const early = await client.post(own, wanted())
    assert.deepEqual([early.status, early.body.error.code], [409, 'Instance.Busy'])
    assert.match(early.body.error.message, /being created/)
    await app.settle()
    await client.patch(`/instances/${id}`, { version: '4.3.1' })
    assert.equal((await client.get(`/instances/${id}`)).body.state, 'Changing')
    const made = await client.post(own, wanted())
    assert.equal(made.status, 201, made.text)
    await app.settle()
    await client.delete(`/instances/${id}`)
    const late = await client.get(`${own}/${made.body.topicId}`)
    assert.deepEqual([late.status, late.body.error.code], [409, 'Instance.Busy'])
    await app.settle()
    assert.equal((await client.get(own)).status, 404)
    assert.equal((await client.delete(`${own}/${made.body.topicId}`)).status, 404)
  })

  const audit = () => app.database.db.selectFrom('audit_events').selectAll().orderBy('id').execute()
})
