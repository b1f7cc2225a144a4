import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settingCatalogueFor } from '../kafka/setting-catalogue.ts'
import { replicaProblems, settingProblems, type Setting } from './setting-rules.ts'

const of = (settings: Record<string, string>): Setting[] =>
  Object.entries(settings).map(([key, value]) => ({ key, value }))

describe('settings of an Instance', () => {
  const catalogue = settingCatalogueFor('4.3.1')
  const problems = (settings: Setting[], prefixes: string[] = []) => settingProblems(settings, catalogue, prefixes)

  const right: Record<string, string>[] = [
    { 'log.retention.ms': '-1' },
    { 'num.io.threads': ' 8 ' },
    { 'auto.create.topics.enable': 'False' },
    { 'compression.type': 'zstd' },
    { 'log.cleanup.policy': 'compact, delete' },
    { 'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider' },
    { 'log.flush.interval.messages': '${file:/etc/own:messages}' },
    { 'delegation.token.secret.key': '${file:/etc/own:token}' },
    { 'rsm.config.s3.secret.access.key': ' ${env:S3_SECRET} ' },
  ]
  for (const settings of right) {
    test(`${JSON.stringify(settings)} is right`, () => assert.deepEqual(problems(of(settings)), []))
  }

  const wrong: { settings: Record<string, string>; at: string; says: RegExp }[] = [
    { settings: { 'log.retentoin.ms': '1' }, at: 'key', says: /no broker setting.*Did you mean "log\.retention\.ms"/ },
    { settings: { 'purple.elephants': '1' }, at: 'key', says: /no broker setting "purple\.elephants"/ },
    { settings: { 'node.id': '7' }, at: 'key', says: /Millrace sets it/ },
    { settings: { 'super.users': 'User:admin' }, at: 'key', says: /Millrace sets it/ },
    { settings: { 'listener.name.plaintext.connections.max.reauth.ms': '1' }, at: 'key', says: /Millrace sets it/ },
    { settings: { 'num.io.threads': 'many' }, at: 'value', says: /a whole number of 32 bits; "many" is not/ },
    { settings: { 'num.io.threads': '99999999999' }, at: 'value', says: /a whole number of 32 bits/ },
    { settings: { 'num.io.threads': '0' }, at: 'value', says: /at least 1; this is "0"/ },
    { settings: { 'auto.create.topics.enable': 'yes' }, at: 'value', says: /true or false; "yes" is not/ },
    { settings: { 'compression.type': 'zip' }, at: 'value', says: /one of .*; this is "zip"/ },
    { settings: { 'delegation.token.secret.key': 'mill-stone' }, at: 'value', says: /is a secret.*\$\{file:[^"]*$/ },
    { settings: { 'rsm.config.s3.secret.access.key': 'x${env:A}' }, at: 'value', says: /is a secret/ },
    { settings: { 'log.segment.bytes': '' }, at: 'value', says: /a whole number/ },
  ]
  for (const { settings, at, says } of wrong) {
    test(`${JSON.stringify(settings)} is wrong, and its words say why`, () => {
      const [problem, ...others] = problems(of(settings))
      assert.equal(problem?.path, `features.instanceConfigs.0.${at}`)
      assert.match(problem.message, says)
      assert.deepEqual(others, [])
    })
  }

  test('have values that Kafka can read', () => {
    const problemOf = (value: string) => problems(of({ 'max.connections.per.ip.overrides': value }))[0]
    assert.equal(problemOf('ö'.repeat(16_000)), undefined)
    assert.match(problemOf('ö'.repeat(16_001))!.message, /at most 32,000 bytes/)
  })

  test('are given once each', () => {
    const twice = [...of({ 'log.retention.ms': '1' }), ...of({ 'log.retention.ms': '2' })]
    assert.match(problems(twice)[0]!.message, /given twice/)
    assert.equal(problems(twice)[0]!.path, 'features.instanceConfigs.1.key')
  })

  test('may be what the nodes here understand beyond Kafka', () => {
    const settings = of({ 's3.data.buckets': 'here' })
    assert.equal(problems(settings).length, 1)
    assert.deepEqual(problems(settings, ['s3.']), [])
  })

  test('are those of the version', () => {
    const settings = of({ 'group.coordinator.background.threads': '2' })
    assert.deepEqual(
      ['4.2.1', '4.3.1'].map((version) =>
        settingCatalogueFor(version).definitions.has('group.coordinator.background.threads'),
      ),
      [false, true],
    )
    assert.match(
      settingProblems(settings, settingCatalogueFor('4.2.1'))[0]!.message,
      /Kafka 4\.2\.1 has no broker setting/,
    )
  })
})

describe('replicas', () => {
  const table: { settings: Record<string, string>; nodes: number; says: RegExp | null }[] = [
    { settings: {}, nodes: 3, says: null },
    { settings: { 'min.insync.replicas': '1' }, nodes: 3, says: null },
    { settings: { 'min.insync.replicas': '3' }, nodes: 3, says: null },
    {
      settings: { 'min.insync.replicas': '4' },
      nodes: 5,
      says: /4 replicas in sync of 3: min.insync.replicas is at most default/,
    },
    { settings: { 'min.insync.replicas': '4', 'default.replication.factor': '5' }, nodes: 5, says: null },
    { settings: { 'default.replication.factor': '4' }, nodes: 3, says: /is 4, and the Instance has 3 nodes/ },
    { settings: { 'offsets.topic.replication.factor': '5' }, nodes: 4, says: /is 5, and the Instance has 4 nodes/ },
    { settings: { 'transaction.state.log.min.isr': '5' }, nodes: 9, says: /5 replicas in sync of 3/ },
    { settings: { 'default.replication.factor': '1' }, nodes: 3, says: /2 replicas in sync of 1/ },
    { settings: { 'default.replication.factor': '1', 'min.insync.replicas': '1' }, nodes: 3, says: null },
  ]
  for (const { settings, nodes, says } of table) {
    test(`${JSON.stringify(settings)} with ${nodes} nodes`, () => {
      const [problem] = replicaProblems(of(settings), nodes)
      if (says) assert.match(problem?.message ?? '', says)
      else assert.equal(problem, undefined)
    })
  }
})
