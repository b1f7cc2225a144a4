import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readCatalogue } from '../kafka/catalogue.ts'
import { settingCatalogueFor } from '../kafka/setting-catalogue.ts'
import { brokerDrift, type MembersSeen } from './drift-brokers.ts'
import { nodeDrift, type NodeDriftEvidence, type ProcessSeen } from './drift-nodes.ts'
import { settingDrift, type SettingDriftEvidence } from './drift-settings.ts'
import { chosenItems, no, revertedBy, wishFor, yes, type DriftItem } from './drift.ts'

const catalogue = readCatalogue(join(import.meta.dirname, '../../kafka-versions.json'))
const version = '4.2.1'
const settings = settingCatalogueFor(version)
const why = (answer: DriftItem['adopt']) => (answer.allowed ? null : answer.why)

describe('processes that run otherwise', () => {
  const running = (version: string, configs: Record<string, string> = {}): ProcessSeen => {
    return { kafkaId: 1, process: 'running', version, spec: { version, configs, heapMiB: 256 } }
  }
  const drift = (seen: ProcessSeen[], more: Partial<NodeDriftEvidence> = {}) =>
    nodeDrift({
      instance: { version },
      wanted: [{ kafkaId: 1, version, configs: { 'num.io.threads': '4' } }],
      sightings: seen,
      catalogue,
      settings,
      settingPrefixes: [],
      finalized: null,
      ...more,
    })

  test('are none when all is as it should be, or the process is gone, or has stopped', () => {
    assert.deepEqual(drift([running(version, { 'num.io.threads': '4' })]), [])
    assert.deepEqual(drift([]), [])
    assert.deepEqual(drift([{ ...running('4.3.1'), process: 'stopped' }]), [])
  })

  test('are an item for each setting, one that is missing too', () => {
    const items = drift([running(version, { 'num.network.threads': '9' })])
    assert.deepEqual(
      items.map(({ key, is, shouldBe }) => [key, is, shouldBe]),
      [
        ['num.io.threads', null, '4'],
        ['num.network.threads', '9', null],
      ],
    )
  })

  test('are reverted only, where what they have could not be an Instance’s own', () => {
    const [item] = drift([running(version, { 'num.io.threads': '4', listeners: 'X://a:1' })])
    assert.ok(why(item!.adopt))
    assert.deepEqual(item!.revert, yes)
  })

  test('of a newer version are adopted like an upgrade, and reverted until the features are final', () => {
    const newer = [running('4.3.1', { 'num.io.threads': '4' })]
    const level = (of: string) => catalogue.versions.find((one) => one.version === of)!.features!['metadata.version']!
    const [early] = drift(newer, { finalized: { 'metadata.version': level('4.2.1') } })
    assert.deepEqual([early!.adopt, early!.revert], [yes, yes])
    const [late] = drift(newer, { finalized: { 'metadata.version': level('4.3.1') } })
    assert.match(why(late!.revert)!, /metadata\.version is final .* Adopt it instead/)
  })

  test('of an older version cannot be adopted', () => {
    const [item] = drift([running('4.1.2', { 'num.io.threads': '4' })])
    assert.ok(why(item!.adopt))
  })

  test('that nobody knows the start of are reverted by a restart', () => {
    const [item] = drift([{ ...running(version), spec: null }])
    assert.equal(item!.id, 'node-settings:1')
    assert.deepEqual([item!.adopt.allowed, item!.revert.allowed], [false, true])
  })
})

describe('settings of the cluster', () => {
  const drift = (own: Record<string, string>, more: Partial<SettingDriftEvidence>) => {
    const instanceConfigs = Object.entries(own).map(([key, value]) => ({ key, value }))
    const base = { settings, settingPrefixes: [], found: [], overrides: [], hidden: [], kept: {} }
    return settingDrift({ ...base, instance: { features: { instanceConfigs } }, ...more })
  }

  const spellings: [string, string, string][] = [
    ['unclean.leader.election.enable', 'True', 'true'],
    ['log.cleaner.min.cleanable.ratio', '0.50', '0.5'],
    ['log.retention.ms', '+7200000', '7200000'],
    ['log.flush.interval.messages', '9223372036854775807', '9223372036854775807'],
    ['log.cleanup.policy', 'compact, delete', 'compact,delete'],
  ]
  for (const [key, ours, kafkas] of spellings) {
    test(`are the same in Kafka's spelling: ${key} ${ours}`, () => {
      assert.deepEqual(drift({ [key]: ours }, { found: [{ key, value: kafkas }] }), [])
      assert.equal(drift({ [key]: ours }, { found: [{ key, value: '1' }] }).length, 1)
    })
  }

  test('of the Instance that are missing are drift, unless a broker of its own hides them', () => {
    const own = { 'log.retention.ms': '1000' }
    assert.deepEqual(
      drift(own, {}).map(({ is, shouldBe }) => [is, shouldBe]),
      [[null, '1000']],
    )
    const overrides = [{ kafkaId: 2, key: 'log.retention.ms', value: '5' }]
    assert.deepEqual(
      drift(own, { overrides, hidden: ['log.retention.ms'] }).map(({ id }) => id),
      ['broker-setting:2:log.retention.ms'],
    )
  })

  test('that Kafka keeps by itself are no drift', () => {
    const found = [{ key: 'min.insync.replicas', value: '2' }]
    assert.deepEqual(drift({}, { found, kept: { 'min.insync.replicas': '2' } }), [])
    assert.equal(drift({}, { found, kept: { 'min.insync.replicas': '1' } })[0]!.shouldBe, '1')
  })

  test('that are secret cannot be adopted', () => {
    const [item] = drift({}, { found: [{ key: 'ssl.key.password', value: null }] })
    assert.ok(item!.isSecret)
    assert.match(why(item!.adopt)!, /secret/)
  })
})

describe('brokers that nobody made', () => {
  const members = (more: Partial<MembersSeen> = {}): MembersSeen => {
    const registered = [1, 2, 3, 9].map((kafkaId) => ({ kafkaId, host: 'there', port: 9092, isFenced: kafkaId === 9 }))
    return { registered, voters: [1, 2, 3], replicas: new Map(), ...more }
  }
  const drift = (seen: MembersSeen | null, sightings: ProcessSeen[] = []) =>
    brokerDrift({ own: [1, 2, 3], sightings, members: seen })

  test('may go when they are dead and hold nothing', () => {
    const [item, ...more] = drift(members())
    assert.deepEqual([item!.id, item!.revert, more], ['foreign-broker:9', yes, []])
  })

  test('stay while they hold replicas, have a vote, or the cluster does not answer', () => {
    assert.match(why(drift(members({ replicas: new Map([[9, 4]]) }))[0]!.revert)!, /4 replicas are assigned/)
    assert.match(why(drift(members({ voters: [1, 2, 9] }))[0]!.revert)!, /voter/)
    const process: ProcessSeen = { kafkaId: 9, process: 'running', version, spec: null }
    assert.match(why(drift(null, [process])[0]!.revert)!, /does not answer/)
  })
})

describe('what is chosen', () => {
  const item = (id: string, more: Partial<DriftItem> = {}): DriftItem => {
    const kinds = { kind: 'cluster-setting' as const, kafkaId: null, key: id, is: '1', shouldBe: '2' }
    return { id, ...kinds, isSecret: false, adopt: yes, revert: yes, ...more }
  }
  const only = item('only-revert', { adopt: no('No.') })

  test('is all with which it can be done, or what is named', () => {
    assert.deepEqual(chosenItems([item('a'), only], 'adopt', undefined), [item('a')])
    assert.deepEqual(chosenItems([item('a'), only], 'revert', ['only-revert']), [only])
    assert.deepEqual(chosenItems([], 'revert', undefined), [])
  })

  test('is refused when a named one cannot go that way or is gone, and when none of all can', () => {
    assert.throws(() => chosenItems([item('a'), only], 'adopt', ['only-revert']), { code: 'Drift.Refused' })
    assert.throws(() => chosenItems([item('a')], 'adopt', ['b']), { code: 'Drift.NotThere' })
    assert.throws(() => chosenItems([only], 'adopt', undefined), { code: 'Drift.Refused' })
  })

  test('becomes the wish: what is adopted is laid over the Instance’s own', () => {
    const features = { instanceConfigs: [{ key: 'b', value: '5' }] }
    const items = [
      item('a'),
      item('b', { is: null }),
      item('v', { kind: 'node-version', key: null, is: '4.3.1', kafkaId: 2 }),
    ]
    assert.deepEqual(wishFor('adopt', items, { features }), {
      version: '4.3.1',
      instanceConfigs: [{ key: 'a', value: '1' }],
      drift: { way: 'adopt' },
    })
  })

  test('tells what a revert makes of it, and no secret', () => {
    const node = item('n', { kind: 'node-settings', kafkaId: 2, key: 'num.io.threads', is: null })
    const secret = item('s', { key: 'ssl.key.password', isSecret: true })
    assert.deepEqual(revertedBy([node, secret]), [
      { what: 'num.io.threads of node 2', from: 'none', to: '2' },
      { what: 'ssl.key.password', from: '(hidden)', to: '(hidden)' },
    ])
  })
})
