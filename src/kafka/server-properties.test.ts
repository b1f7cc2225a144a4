import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReservedSetting } from '../domain/kafka-settings.ts'
import { serverProperties } from './server-properties.ts'
import type { ServerSpec } from './server-properties.ts'

const voters = [1, 2, 3].map((kafkaId) => ({
  kafkaId,
  directoryId: 'EREREREREREREREREREREQ',
  address: `127.0.${kafkaId}.7`,
  controllerPort: 9093,
}))

const combined: ServerSpec = {
  kafkaId: 2,
  roles: ['broker', 'controller'],
  zone: 'local-b',
  address: '127.0.2.7',
  port: 9092,
  controllerPort: 9093,
  voters,
  heapMiB: 256,
  configs: {},
}
const brokerOnly: ServerSpec = { ...combined, kafkaId: 4, roles: ['broker'], address: '127.0.1.8' }

function settingsOf(spec: ServerSpec): Record<string, string> {
  const lines = serverProperties(spec, '/data/2').trim().split('\n')
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

test('lets a combined node listen for clients and for the quorum', () => {
  const settings = settingsOf(combined)
  assert.equal(settings['process.roles'], 'broker,controller')
  assert.equal(settings['listeners'], 'PLAINTEXT://127.0.2.7:9092,CONTROLLER://127.0.2.7:9093')
  assert.equal(settings['advertised.listeners'], settings['listeners'])
})

test('lets a broker listen for clients alone', () => {
  const settings = settingsOf(brokerOnly)
  assert.equal(settings['process.roles'], 'broker')
  assert.equal(settings['listeners'], 'PLAINTEXT://127.0.1.8:9092')
})

test('points every node at a dynamic quorum', () => {
  for (const spec of [combined, brokerOnly]) {
    const settings = settingsOf(spec)
    assert.equal(settings['controller.quorum.bootstrap.servers'], '127.0.1.7:9093,127.0.2.7:9093,127.0.3.7:9093')
    assert.equal(settings['controller.quorum.voters'], undefined)
  }
})

test('takes the zone for the rack', () => assert.equal(settingsOf(combined)['broker.rack'], 'local-b'))

test('gives the log cleaner a sixteenth of the heap, more for more threads, and never more than Kafka would', () => {
  const buffer = (heapMiB: number, configs = {}) =>
    Number(settingsOf({ ...combined, heapMiB, configs })['log.cleaner.dedupe.buffer.size']) / 2 ** 20
  assert.deepEqual([buffer(256), buffer(1024), buffer(8192)], [16, 64, 128])
  assert.equal(buffer(256, { 'log.cleaner.threads': '20' }), 21)
  assert.equal(buffer(256, { 'log.cleaner.dedupe.buffer.size': String(2 ** 25) }), 32)
})

test('lets a fetch of replicas bring a thousandth of the heap, of a partition a quarter of that, and as much as Kafka would at most', () => {
  const fetch = (heapMiB: number) =>
    ['replica.fetch.response.max.bytes', 'replica.fetch.max.bytes'].map(
      (key) => Number(settingsOf({ ...combined, heapMiB })[key]) / 2 ** 20,
    )
  assert.deepEqual(
    [fetch(128), fetch(256), fetch(2048), fetch(32_768)],
    [
      [0.25, 0.0625],
      [0.25, 0.0625],
      [2, 0.5],
      [10, 1],
    ],
  )
})

test('keeps three copies and wants two of them', () => {
  const settings = settingsOf(combined)
  assert.equal(settings['default.replication.factor'], '3')
  assert.equal(settings['min.insync.replicas'], '2')
  assert.equal(settings['offsets.topic.replication.factor'], '3')
  assert.equal(settings['transaction.state.log.min.isr'], '2')
})

test('keeps one copy where there is one node', () => {
  const settings = settingsOf({ ...combined, voters: voters.slice(0, 1) })
  assert.equal(settings['default.replication.factor'], '1')
  assert.equal(settings['min.insync.replicas'], '1')
})

test('lets clients make topics by sending to them', () => {
  assert.equal(settingsOf(combined)['auto.create.topics.enable'], 'true')
})

test("lays the Instance's settings over the defaults, never over the node's identity", () => {
  const configs = {
    'auto.create.topics.enable': 'false',
    'log.retention.hours': '24',
    'node.id': '9',
    'log.dirs': '/etc',
  }
  const settings = settingsOf({ ...combined, configs })
  assert.equal(settings['auto.create.topics.enable'], 'false')
  assert.equal(settings['log.retention.hours'], '24')
  assert.equal(settings['node.id'], '2')
  assert.equal(settings['log.dirs'], '/data/2')
})

test('drops reserved settings that the node itself does not have', () => {
  for (const key of ['controller.quorum.voters', 'broker.id', 'metadata.log.dir', 'log.dir']) {
    assert.ok(isReservedSetting(key), key)
    assert.equal(settingsOf({ ...combined, configs: { [key]: 'x' } })[key], undefined)
  }
  assert.ok(!isReservedSetting('controller.quorum.election.timeout.ms'))
})

test('escapes what Java would read otherwise', () => {
  const text = serverProperties({ ...combined, configs: { 'a key': ' C:\\x\nü' } }, '/data/2')
  assert.ok(text.includes('a\\ key=\\ C:\\\\x\\n\\u00fc\n'))
})
