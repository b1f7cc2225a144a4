import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { produce } from './kcat.ts'
import { makePrometheus, receiver, type Prometheus } from './prometheus.ts'
import { changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'

/** Real nodes tell their metrics, and a real Prometheus takes them: from a wrong password to an outage, without a restart. */
describe('metrics of an Instance of real Kafka', () => {
  let home: ServedHome
  let server: Server
  let prometheus: Prometheus
  let id = ''
  let pids: number[] = []

  const labels = [
    { name: 'team', value: 'shop' },
    { name: 'cluster', value: 'prod' },
  ]
  const exporter = (otherwise: object = {}) => ({
    metricsExporter: {
      prometheus: {
        enabled: true,
        endPoint: prometheus.endPoint,
        authType: 'basic',
        ...receiver,
        labels,
        ...otherwise,
      },
    },
  })
  const patch = async (otherwise: object) => {
    const { status, body } = await server.call('PATCH', `/instances/${id}`, { features: exporter(otherwise) })
    assert.deepEqual([status, body.state], [200, 'Running'], JSON.stringify(body))
    return body
  }
  const health = async () => (await server.call('GET', `/instances/${id}/metrics-exporter`)).body
  const becomes = (state: string) =>
    eventually(changeLimitMs, async () => {
      const seen = await health()
      return seen.state === state || JSON.stringify(seen)
    })
  const nodePids = async () => (await home.nodeProcesses()).map(({ pid }) => pid).toSorted((a, b) => a - b)

  before(async () => {
    prometheus = await makePrometheus()
    await prometheus.start()
    home = await makeServedHome()
    server = await home.start()
    const networks = ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone }))
    const created = { name: 'metrics', version: '4.3.1', spec: { reservedAku: 3, networks }, features: exporter() }
    const { status, body } = await server.call('POST', '/instances', created)
    assert.equal(status, 201, JSON.stringify(body))
    id = body.instanceId
    await eventually(changeLimitMs, async () => {
      const seen = (await server.call('GET', `/instances/${id}`)).body
      return seen.state === 'Running' || JSON.stringify(seen.currentOperation)
    })
    pids = await nodePids()
    assert.equal(pids.length, 3)
  })
  after(async () => {
    await home.cleanUp()
    await prometheus.cleanUp()
  })

  test('arrive with the labels of the user, the Instance and the node', async () => {
    await becomes('delivering')
    const up = await prometheus.series(`up{instance_id="${id}",team="shop"}`, '5m')
    assert.deepEqual(up.map(({ metric }) => metric['node']).toSorted(), ['1', '2', '3'])
    const [first] = await prometheus.series(`kafka_server_kafkaserver_brokerstate{node="2",instance_id="${id}"}`, '5m')
    assert.deepEqual(first?.metric, {
      __name__: 'kafka_server_kafkaserver_brokerstate',
      cluster: 'prod',
      instance_id: id,
      instance_name: 'metrics',
      node: '2',
      team: 'shop',
    })
    assert.equal(first.values.at(-1)![1], '3')
    const whole = await prometheus.series(`millrace_topics{instance_id="${id}"}`, '5m')
    assert.deepEqual(Object.keys(whole[0]!.metric).includes('node'), false)
    assert.deepEqual((await health()).nodes, [])
  })

  test('are dropped with the words of who refuses them, and go on when that is put right', async () => {
    await patch({ password: 'wrong' })
    await becomes('refused')
    const refused = await health()
    assert.match(refused.delivery.lastError, /401/)
    assert.ok(refused.delivery.droppedSamples > 0)
    await patch({})
    await becomes('delivering')
  })

  test('wait while nobody takes them, and arrive after, with what clients did meanwhile', async () => {
    await prometheus.stop()
    const stoppedAt = Date.now() / 1000
    const { body } = await server.call('GET', `/instances/${id}/endpoints`)
    const lines = Array.from({ length: 2_000 }, () => 'x'.repeat(1_000))
    const topic = await server.call('POST', `/instances/${id}/topics`, { name: 'orders', partition: 3 })
    assert.equal(topic.status, 201, JSON.stringify(topic.body))
    await produce(body.list[0].bootstrapServers, 'orders', lines)
    await becomes('waiting')
    await eventually(60_000, async () => (await health()).delivery.queuedSamples > 500 || 'nothing waits')
    const { statistics } = (await server.call('GET', `/instances/${id}`)).body
    assert.ok(statistics.bytesInPerSecond >= 0, JSON.stringify(statistics))

    const startedAt = Date.now() / 1000
    await prometheus.start()
    await becomes('delivering')
    const bytes = await prometheus.series(
      `kafka_server_brokertopicmetrics_bytesin_total{topic="orders",instance_id="${id}"}`,
      '10m',
    )
    assert.ok(bytes.reduce((sum, { values }) => sum + Number(values.at(-1)![1]), 0) > 2_000_000)
    const up = await prometheus.series(`up{instance_id="${id}",node="1"}`, '10m')
    const meanwhile = up[0]!.values.filter(([at]) => at > stoppedAt && at < startedAt)
    assert.ok(meanwhile.length > 0, 'nothing of what was measured during the outage has arrived')
  })

  test('are kept for the charts, minute by minute', async () => {
    await eventually(changeLimitMs, async () => {
      const { points } = (await server.call('GET', `/instances/${id}/statistics/history`)).body
      const most = Math.max(0, ...points.map((point: { bytesInPerSecond: number | null }) => point.bytesInPerSecond))
      return most > 10_000 || JSON.stringify(points)
    })
  })

  test('stop when nobody wants them, and no node ever restarted', async () => {
    const { body } = await server.call('PATCH', `/instances/${id}`, {
      features: { metricsExporter: { prometheus: { enabled: false } } },
    })
    assert.deepEqual([body.state, 'metricsExporter' in body.features], ['Running', false])
    assert.equal((await health()).state, 'off')
    assert.deepEqual(await nodePids(), pids)
  })
})
