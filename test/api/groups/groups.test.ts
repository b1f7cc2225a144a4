import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import type { NodeSpec } from '../../../src/providers/provider.ts'
import type { Holdings } from '../../../src/providers/simulated/simulated-holdings.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'

describe('consumer groups', () => {
  let app: TestApp
  let client: Client
  let instanceId: InstanceId
  let path: string
  let holdings: Holdings

  before(async () => {
    app = await makeApp()
    client = await app.signIn()
    instanceId = (await runInstance(app, client)) as InstanceId
    path = `/instances/${instanceId}/groups`
    holdings = app.simulated.holdingsOf(instanceId)
    await client.post(`/instances/${instanceId}/topics`, { name: 'orders', partition: 2 })
    holdings.topics.get('orders')!.records = 100
  })
  after(() => app[Symbol.asyncDispose]())
  beforeEach(() => {
    const committed = new Map([
      ['orders 0', 40],
      ['orders 1', 100],
    ])
    holdings.groups.set('billing', { groupId: 'billing', members: [], committed })
  })

  const member = {
    memberId: 'consumer-1-abc',
    instanceId: null,
    clientId: 'consumer-1',
    host: '10.0.0.7',
    assignments: [{ topic: 'orders', partitions: [0, 1] }],
  }
  const joined = () => holdings.groups.get('billing')!.members!.push(member)
  const places = () => [...holdings.groups.get('billing')!.committed.values()]

  test('are listed, and shown with their members and their lag', async () => {
    joined()
    const { body } = await client.get(`${path}?keyword=bill`)
    const listed = { groupId: 'billing', state: 'Stable', type: 'classic', coordinator: 1 }
    assert.deepEqual([body.total, body.list], [1, [{ ...listed, memberCount: 1, lag: 60 }]])
    const offset = { topic: 'orders', startOffset: 0, endOffset: 100, memberId: 'consumer-1-abc' }
    assert.deepEqual((await client.get(`${path}/billing`)).body, {
      ...listed,
      members: [member],
      offsets: [
        { ...offset, partition: 0, committedOffset: 40, lag: 60 },
        { ...offset, partition: 1, committedOffset: 100, lag: 0 },
      ],
      lag: 60,
    })
  })

  test('may have any name, and answer 404 when there is none', async () => {
    const groupId = 'team a/billing:v2'
    holdings.groups.set(groupId, { groupId, members: [], committed: new Map() })
    assert.equal((await client.get(`${path}/${encodeURIComponent(groupId)}`)).body.groupId, groupId)
    assert.equal((await client.delete(`${path}/${encodeURIComponent(groupId)}`)).status, 204)
    assert.ok(!holdings.groups.has(groupId))
    const nothing = await client.get(`${path}/${encodeURIComponent(groupId)}`)
    assert.deepEqual([nothing.status, nothing.body.error.code], [404, 'Group.NotFound'])
  })

  test('are told first where a reset would take them, which moves nothing', async () => {
    joined()
    const reset = { target: { to: 'earliest' } }
    const { status, body } = await client.post(`${path}/billing:reset?dryRun=true`, reset)
    assert.equal(status, 200)
    assert.deepEqual(body.moves, [
      { topic: 'orders', partition: 0, from: 40, to: 0, lagBefore: 60, lagAfter: 100 },
      { topic: 'orders', partition: 1, from: 100, to: 0, lagBefore: 0, lagAfter: 100 },
    ])
    assert.match(body.why, /Stop them first/)
    assert.deepEqual(places(), [40, 100])
    const refused = await client.post(`${path}/billing:reset`, reset)
    assert.deepEqual([refused.status, refused.body.error.code], [409, 'Group.InUse'])
    assert.equal((await client.delete(`${path}/billing`)).status, 409)
    assert.deepEqual(places(), [40, 100])
  })

  test('are not moved again by a repeat, though members read again by then', async () => {
    const ask = () =>
      client.post(`${path}/billing:reset`, { target: { to: 'shift', by: -5 } }, { 'idempotency-key': 'late' })
    assert.equal((await ask()).status, 200)
    const before = places()
    joined()
    const again = await ask()
    assert.deepEqual([again.status, again.headers.get('idempotency-replayed')], [200, 'true'])
    assert.deepEqual(places(), before)
  })

  test('are not shifted again by a repeat where Millrace was lost: nobody knows whether they were', async () => {
    const ask = (target: object) => client.post(`${path}/billing:reset`, { target }, { 'idempotency-key': 'lost' })
    assert.equal((await ask({ to: 'shift', by: -5 })).status, 200)
    const before = places()
    await app.database.db.updateTable('idempotency_keys').set({ begun_until: app.now() }).execute()
    const again = await ask({ to: 'shift', by: -5 })
    assert.deepEqual([again.status, again.body.error.code], [409, 'Group.ShiftedPerhaps'])
    assert.deepEqual(places(), before)
  })

  for (const [target, expected] of [
    [{ to: 'earliest' }, [0, 0]],
    [{ to: 'latest' }, [100, 100]],
    [{ to: 'offset', offset: 7 }, [7, 7]],
    [{ to: 'shift', by: -50 }, [0, 50]],
    [{ to: 'time', at: '2026-01-01T00:00:00+01:00' }, [100, 100]],
  ] as const) {
    test(`go to ${JSON.stringify(target)}, and the audit says from where to where`, async () => {
      const { status, body } = await client.post(`${path}/billing:reset`, { target })
      assert.deepEqual([status, body.why], [200, null])
      assert.deepEqual(places(), expected)
      const row = (await client.get('/audit-events?action=group.reset&size=1')).body.list[0]
      assert.equal(row.subject, 'billing')
      assert.deepEqual(row.before[0], { topic: 'orders', partition: 0, offset: 40 })
      assert.deepEqual(row.after[0], { topic: 'orders', partition: 0, offset: expected[0] })
    })
  }

  test('go in the partitions that are named alone', async () => {
    const reset = { target: { to: 'earliest' }, topic: 'orders', partitions: [1] }
    assert.equal((await client.post(`${path}/billing:reset`, reset)).body.moves.length, 1)
    assert.deepEqual(places(), [40, 0])
    const nowhere = await client.post(`${path}/billing:reset`, { ...reset, topic: 'payments' })
    assert.deepEqual([nowhere.status, nowhere.body.error.code], [400, 'Group.NothingToReset'])
  })

  for (const target of [
    undefined,
    { to: 'somewhere' },
    { to: 'offset' },
    { to: 'offset', offset: -1 },
    { to: 'time', at: 'noon' },
    // Kafka takes -1 and -2 for the end and the beginning.
    { to: 'time', at: '1969-12-31T23:59:59.999Z' },
    { to: 'offset', offset: 2 ** 53 },
  ]) {
    test(`do not go to ${JSON.stringify(target)}`, async () => {
      const { status, body } = await client.post(`${path}/billing:reset`, { target })
      assert.equal(status, 400)
      assert.match(body.error.fields[0].path, /^target/)
    })
  }

  const nowhere: [what: string, scope: object, field: string][] = [
    ['no topic', { topic: '' }, 'topic'],
    ['a topic that is too long', { topic: 'x'.repeat(250) }, 'topic'],
    ['partitions of any topic', { partitions: [0] }, 'topic'],
    ['no partition', { topic: 'orders', partitions: [] }, 'partitions'],
    ['a partition twice', { topic: 'orders', partitions: [1, 1] }, 'partitions'],
    [
      'partitions without end',
      { topic: 'orders', partitions: Array.from({ length: 1_025 }, (_, id) => id) },
      'partitions',
    ],
    ['a partition below 0', { topic: 'orders', partitions: [0, -1] }, 'partitions.1'],
  ]
  for (const [what, scope, field] of nowhere) {
    test(`are not reset with ${what}`, async () => {
      const { status, body } = await client.post(`${path}/billing:reset`, { target: { to: 'earliest' }, ...scope })
      assert.deepEqual([status, body.error.fields[0].path], [400, field])
      assert.deepEqual(places(), [40, 100])
    })
  }

  describe('of a partition that nobody leads', () => {
    const place = { topic: 'ledger', partition: 0 }
    let spec: NodeSpec

    before(async () => {
      const body = { name: 'ledger', partition: 1, replicationFactor: 1 }
      assert.equal((await client.post(`/instances/${instanceId}/topics`, body)).status, 201)
      const [kafkaId] = holdings.topics.get('ledger')!.places[0]!.replicas
      spec = app.simulated.population.of(instanceId).find((node) => node.spec.kafkaId === kafkaId)!.spec
      app.simulated.killNode(instanceId, kafkaId!)
    })
    beforeEach(() => holdings.groups.get('billing')!.committed.set('ledger 0', 40))
    after(async () => {
      app.simulated.adopt([spec])
      await client.delete(`/instances/${instanceId}/topics/${holdings.topics.get('ledger')!.id}`)
    })

    test('do not know their lag, and say where', async () => {
      const { offsets, lag } = (await client.get(`${path}/billing`)).body
      const untold = { committedOffset: 40, startOffset: null, endOffset: null, lag: null, memberId: null }
      assert.deepEqual([offsets.at(-1), lag], [{ ...place, ...untold }, null])
      const { list, problem } = (await client.get(path)).body
      assert.equal(list[0].lag, null)
      assert.match(problem, /Groups that they look after are missing/)
    })

    for (const target of [{ to: 'time', at: '2026-01-01T00:00:00Z' }, { to: 'earliest' }]) {
      test(`are not moved to ${target.to} by a guess, and elsewhere all the same`, async () => {
        const { committed } = holdings.groups.get('billing')!
        for (const query of ['', '?dryRun=true']) {
          const { status, body } = await client.post(`${path}/billing:reset${query}`, { target })
          assert.deepEqual([status, body.error.code], [503, 'Group.OffsetsNotTold'])
          assert.match(body.error.message, /ledger 0/)
        }
        assert.deepEqual([...committed.values()], [40, 100, 40])
        assert.equal((await client.post(`${path}/billing:reset`, { target, topic: 'orders' })).status, 200)
        assert.equal(committed.get('ledger 0'), 40)
      })
    }
  })

  test('know their lag on a node that is being added too, once it runs', async () => {
    await client.post(`/instances/${instanceId}/topics`, { name: 'fresh', partition: 1, replicationFactor: 1 })
    const { id, places } = holdings.topics.get('fresh')!
    const nodes = app.database.db.updateTable('nodes').where('kafka_id', '=', places[0]!.replicas[0]!)
    holdings.groups.get('billing')!.committed.set('fresh 0', 0)
    for (const [health, lag] of [
      ['starting', null],
      ['running', 60],
    ] as const) {
      await nodes.set({ intent: 'join', health }).execute()
      assert.equal((await client.get(`${path}/billing`)).body.lag, lag)
    }
    await nodes.set({ intent: 'stay' }).execute()
    await client.delete(`/instances/${instanceId}/topics/${id}`)
  })

  test('of another kind have members that are not told, and are not reset', async () => {
    holdings.groups.set('sharing', { groupId: 'sharing', type: 'share', members: null, committed: new Map() })
    const { members, lag, type } = (await client.get(`${path}/sharing`)).body
    assert.deepEqual([members, lag, type], [null, null, 'share'])
    const [listed] = (await client.get(`${path}?keyword=sharing`)).body.list
    assert.deepEqual([listed.memberCount, listed.lag], [null, null])
    const { status, body } = await client.post(`${path}/sharing:reset?dryRun=true`, { target: { to: 'earliest' } })
    assert.deepEqual([status, body.error.code], [400, 'Group.NeverReset'])
    assert.equal((await client.delete(`${path}/sharing`)).status, 204)
  })

  test('are sorted by what the table shows, exact first, and paged after that', async () => {
    const add = (groupId: string, offset: number, members: (typeof member)[] = []) =>
      holdings.groups.set(groupId, { groupId, members, committed: new Map([['orders 0', offset]]) })
    add('archive', 0, [member])
    add('billing-new', 90)
    const order = async (query: string) =>
      (await client.get(`${path}?${query}`)).body.list.map(({ groupId }: { groupId: string }) => groupId)
    assert.deepEqual(await order('sort=name'), ['archive', 'billing', 'billing-new'])
    assert.deepEqual(await order('sort=lag'), ['billing-new', 'billing', 'archive'])
    assert.deepEqual(await order('sort=lag&desc=true&size=1'), ['archive'])
    assert.deepEqual(await order('sort=members&desc=true&size=1&page=2'), ['billing-new'])
    assert.deepEqual(await order('sort=state&desc=true'), ['archive', 'billing-new', 'billing'])
    assert.deepEqual(await order('sort=lag&keyword=billing'), ['billing', 'billing-new'])
    assert.equal((await client.get(`${path}?sort=colour`)).status, 400)
    for (const groupId of ['archive', 'billing-new']) holdings.groups.delete(groupId)
  })

  test('are deleted, once more without complaint', async () => {
    const statuses = [await client.delete(`${path}/billing`), await client.delete(`${path}/billing`)]
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [204, 204],
    )
    assert.equal((await client.get(path)).body.total, 0)
  })
})
