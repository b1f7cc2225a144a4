import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { findDelivery } from '../../../src/store/metrics-deliveries.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { createInstance, newInstance, runInstance } from '../../harness/instances.ts'

let app: TestApp
let client: Client
before(async () => {
  app = await makeApp()
  client = await app.signIn()
})
after(() => app[Symbol.asyncDispose]())

const endPoint = 'https://prometheus.example.com/api/v1/write'
const basic = { enabled: true, endPoint, authType: 'basic', username: 'kafka', password: 'mark-password-1' }
const exporting = (prometheus: object) => ({ features: { metricsExporter: { prometheus } } })
let count = 0
const name = () => `metrics-${++count}`

const featuresOf = async (id: string) => (await client.get(`/instances/${id}`)).body.features
const stored = async (id: string) => {
  const rows = app.database.db
    .selectFrom('instances')
    .select('features')
    .where('id', '=', id as InstanceId)
  return (await rows.executeTakeFirstOrThrow()).features.metricsExporter?.prometheus
}

describe('at the create', () => {
  test('echoes what was set and nothing else', async () => {
    const labels = [
      { name: 'team', value: 'shop' },
      { name: 'cluster', value: 'prod' },
    ]
    const id = await createInstance(client, { name: name(), ...exporting({ ...basic, labels }) })
    const told = { prometheus: { endPoint, authType: 'basic', username: 'kafka', labels } }
    assert.deepEqual((await featuresOf(id)).metricsExporter, told)
    const inList = (await client.get(`/instances?keyword=metrics-${count}`)).body.list[0]
    assert.deepEqual(inList.features.metricsExporter, told)
  })

  test('says nothing of one that was never set, or set off', async () => {
    for (const metricsExporter of [undefined, {}, { prometheus: null }, { prometheus: { enabled: false } }]) {
      const id = await createInstance(client, { name: name(), features: { metricsExporter } })
      assert.ok(!('metricsExporter' in (await featuresOf(id))), JSON.stringify(metricsExporter))
      assert.equal((await client.get(`/instances/${id}/metrics-exporter`)).body.state, 'off')
    }
  })

  test('writes the password down nowhere', async () => {
    const id = await createInstance(client, { name: name(), ...exporting(basic) })
    assert.match((await stored(id))!.sealedPassword!, /^v1\./)
    for (const table of ['instances', 'operations', 'events', 'audit_events'] as const) {
      const rows = JSON.stringify(await app.database.db.selectFrom(table).selectAll().execute())
      assert.ok(!rows.includes('mark-password'), table)
      if (table === 'audit_events') assert.ok(!rows.includes('sealedPassword'))
    }
  })
})

describe('later', () => {
  let id: string
  beforeEach(async () => (id = await runInstance(app, client, { name: name(), ...exporting(basic) })))
  const patch = (prometheus: object, more: object = {}) =>
    client.patch(`/instances/${id}`, { ...exporting(prometheus), ...more })

  test('is set, changed and taken away at once: nothing restarts, no Operation runs', async () => {
    const bearer = { enabled: true, endPoint, authType: 'bearer', token: 'abc' }
    const { status, body } = await patch(bearer)
    assert.equal(status, 200)
    assert.deepEqual([body.state, body.currentOperation], ['Running', null])
    assert.deepEqual(body.features.metricsExporter, { prometheus: { endPoint, authType: 'bearer' } })
    assert.equal((await stored(id))!.sealedPassword, undefined)

    const off = await patch({ enabled: false })
    assert.deepEqual([off.body.state, 'metricsExporter' in off.body.features], ['Running', false])
    assert.equal(await findDelivery(app.database.db, id as InstanceId), undefined)
    assert.equal((await patch({ enabled: false })).status, 200)

    const { list } = (await client.get(`/audit-events?instanceId=${id}&action=instance.export-metrics`)).body
    assert.deepEqual(list[0].after, { metricsExporter: null })
    assert.equal(list.length, 2, 'taken away twice is once')
  })

  test('goes together with a change that takes its time, or not at all', async () => {
    const noauth = { enabled: true, endPoint: 'http://10.0.0.9/write', authType: 'noauth' }
    const wrong = await patch(noauth, { spec: { reservedAku: 1 } })
    assert.equal(wrong.status, 400)
    assert.equal((await featuresOf(id)).metricsExporter.prometheus.authType, 'basic')
    const { body } = await patch(noauth, { version: '4.3.1', operation: { soakSeconds: 0 } })
    assert.deepEqual([body.state, body.features.metricsExporter.prometheus.authType], ['Changing', 'noauth'])
    assert.equal((await patch(basic)).status, 409)
    await app.settle()
    assert.equal((await featuresOf(id)).metricsExporter.prometheus.authType, 'noauth')
  })

  test('keeps a password that is left out, but for the same receiver alone', async () => {
    const { password: _password, ...silent } = basic
    const before = (await stored(id))!.sealedPassword
    const labels = [{ name: 'team', value: 'shop' }]
    assert.equal((await patch({ ...silent, labels })).status, 200)
    assert.equal((await stored(id))!.sealedPassword, before)
    assert.equal((await patch({ ...silent, endPoint: 'https://prometheus.example.com/other' })).status, 200)
    const elsewhere = await patch({ ...silent, endPoint: 'https://elsewhere.example.com/api/v1/write' })
    assert.equal(elsewhere.status, 400)
    assert.equal(elsewhere.body.error.detail, 'features.metricsExporter.prometheus.password')
    assert.equal((await patch({ ...silent, username: 'other' })).status, 400)
  })

  test('refuses in words, also in a plan', async () => {
    const cases: [object, RegExp][] = [
      [{ ...basic, endPoint: 'prometheus:9090' }, /begins with http/],
      [{ ...basic, authType: 'sigv4' }, /not signed for AWS/],
      [{ ...basic, labels: [{ name: 'node', value: '1' }] }, /Millrace itself gives/],
      [{ ...basic, colour: 'blue' }, /colour/],
    ]
    for (const [prometheus, words] of cases) {
      for (const query of ['', '?dryRun=true']) {
        const { status, body } = await client.patch(`/instances/${id}${query}`, exporting(prometheus))
        assert.equal(status, 400, JSON.stringify(prometheus))
        assert.match(body.error.message, words)
      }
    }
    const plan = await client.patch(
      `/instances/${id}?dryRun=true`,
      exporting({ ...basic, authType: 'noauth', username: '', password: '' }),
    )
    assert.deepEqual([plan.status, plan.body.restarts], [200, []])
    assert.equal((await featuresOf(id)).metricsExporter.prometheus.authType, 'basic')
  })

  test('tells how it stands', async () => {
    const { body } = await client.get(`/instances/${id}/metrics-exporter`)
    assert.equal(body.state, 'beginning')
    assert.deepEqual(body.prometheus, { endPoint, authType: 'basic', username: 'kafka' })
    assert.deepEqual([body.delivery.queuedSamples, body.delivery.droppedSamples, body.nodes], [0, 0, []])
  })
})

test('a viewer reads how it stands and changes nothing', async () => {
  const id = await runInstance(app, client, newInstance({ name: name(), ...exporting(basic) }))
  const viewer = await app.signIn('viewer')
  assert.equal((await viewer.get(`/instances/${id}/metrics-exporter`)).status, 200)
  assert.equal((await viewer.get(`/instances/${id}/statistics/history?range=6h`)).status, 200)
  assert.equal((await viewer.patch(`/instances/${id}`, exporting({ enabled: false }))).status, 403)
})
