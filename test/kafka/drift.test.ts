import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'

/** What is found to differ on real Kafka: nothing by itself, and exactly what somebody changed past Millrace. */
const clusters = makeKafkaClusters()

describe('drift of real Kafka', () => {
  let home: ServedHome
  let server: Server

  before(async () => {
    home = await makeServedHome()
    server = await home.start()
  })
  after(() => home.cleanUp())

  async function create(version: string): Promise<string> {
    const spec = { reservedAku: 6, networks: ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone })) }
    const instanceConfigs = [
      { key: 'log.retention.ms', value: '7200000' },
      { key: 'num.io.threads', value: '4' },
    ]
    const asked = { name: `drift-${version.replaceAll('.', '-')}`, version, spec, features: { instanceConfigs } }
    const { status, body } = await server.call('POST', '/instances', asked)
    assert.equal(status, 201, JSON.stringify(body))
    return body.instanceId
  }
  const isRunning = (id: string) =>
    eventually(changeLimitMs, async () => {
      const { body } = await server.call('GET', `/instances/${id}`)
      return body.state === 'Running' || `${body.state}: ${JSON.stringify(body.currentOperation)}`
    })
  const found = async (id: string): Promise<string[]> => {
    const { body } = await server.call('GET', `/instances/${id}/drift`)
    assert.equal(body.unknown, null)
    return body.list.map((item: { id: string; is: string; shouldBe: string }) => {
      return `${item.id} is ${item.is}, should be ${item.shouldBe}`
    })
  }
  const isFound = (id: string, items: string[]) =>
    eventually(10_000, async () => {
      const now = await found(id)
      return JSON.stringify(now) === JSON.stringify(items) || JSON.stringify(now)
    })
  const brokersOf = async (id: string): Promise<BrokerEndpoint[]> => {
    const { body } = await server.call('GET', `/instances/${id}/nodes`)
    return body.list.map(({ kafkaId, address, port }: { kafkaId: number; address: string; port: number }) => {
      return { kafkaId, host: address, port }
    })
  }

  for (const version of ['3.9.2', '4.3.1']) {
    test(`of ${version}: none at first; what was set by hand is found, adopted and reverted`, async () => {
      const id = await create(version)
      await isRunning(id)
      assert.deepEqual(await found(id), [])

      const brokers = await brokersOf(id)
      await clusters.alterSettings(brokers, { set: { 'log.retention.ms': '5000000' }, remove: [] })
      await clusters.alterSettings(brokers, { set: { 'message.max.bytes': '2000000' }, remove: [] })
      await clusters.alterSettings(brokers, { set: { 'log.segment.bytes': '1048576' }, remove: [] }, { kafkaId: 2 })
      const [cluster, ours, single] = [
        'cluster-setting:log.retention.ms is 5000000, should be 7200000',
        'cluster-setting:message.max.bytes is 2000000, should be null',
        'broker-setting:2:log.segment.bytes is 1048576, should be null',
      ]
      await isFound(id, [cluster!, ours!, single!])

      await server.call('POST', `/instances/${id}:adopt`, { items: ['cluster-setting:message.max.bytes'] })
      await isRunning(id)
      await isFound(id, [cluster!, single!])

      await server.call('POST', `/instances/${id}:revert`, {})
      await isRunning(id)
      await isFound(id, [])
      const settings = await clusters.describeSettings(brokers, 2)
      const valueOf = (key: string) => settings.find((setting) => setting.key === key)!
      assert.equal(valueOf('log.retention.ms').value, '7200000')
      assert.equal(valueOf('message.max.bytes').value, '2000000')
      assert.equal(valueOf('log.segment.bytes').source, 'default')

      await server.call('DELETE', `/instances/${id}`)
      await eventually(
        60_000,
        async () => (await server.call('GET', `/instances/${id}`)).status === 404 || 'still there',
      )
    })
  }
})
