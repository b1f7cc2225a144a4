import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReservedSetting, withoutSecrets } from './kafka-settings.ts'

test('what makes a node what it is cannot be set', () => {
  const reserved = ['node.id', 'listeners', 'log.dirs', 'process.roles', 'broker.rack']
  const families = ['controller.quorum.voters', 'controller.quorum.bootstrap.servers', 'controller.listener.names']
  for (const key of [...reserved, ...families]) assert.ok(isReservedSetting(key), key)
})

test('everything else can', () => {
  const free = ['log.retention.hours', 'num.partitions', 'controller.quorum.election.timeout.ms', 'log.dirs.extra']
  for (const key of free) assert.ok(!isReservedSetting(key), key)
})

test('values that may be secrets are not kept beside the Instance', () => {
  const configs = [
    { key: 'ssl.keystore.password', value: 'hunter2' },
    { key: 'sasl.jaas.config', value: 'required password=x;' },
    { key: 'ssl.keystore.key', value: '-----BEGIN' },
    { key: 'num.partitions', value: '6' },
  ]
  assert.deepEqual(
    withoutSecrets(configs).map(({ value }) => value),
    ['(hidden)', '(hidden)', '(hidden)', '6'],
  )
})
