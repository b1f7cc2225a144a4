import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance } from '../../harness/instances.ts'

/**
 * A client that compares what it reads with what it wrote must find no difference: no default added, nothing reordered, nothing
 * in the place of what was never sent.
 */
type Body = {
  name: string
  description?: string
  version: string
  spec: Record<string, unknown>
  features?: Record<string, unknown>
  tags?: object[]
  clusterId?: string
  accesses?: object[]
}

const tag = (name: string, value: string) => ({ name, value })
const exporter = (more: object) => ({
  prometheus: { enabled: true, endPoint: 'https://metrics.test/api/v1/write', ...more },
})
const setting = (key: string, value: string) => ({ key, value })
const zone = (letter: string) => ({ zone: `sim-${letter}` })
const whole = (letter: string) => ({ ...zone(letter), subnet: `subnet-sim-${letter}` })

/** Each field that may be left out, with values of every kind that it may have. */
const optional: [path: string, values: unknown[]][] = [
  ['description', ['', ' For the shop: 100% ☂ "quoted" ', 'x'.repeat(256)]],
  [
    'tags',
    [
      [tag('team', 'platform'), tag('cost', ''), tag('Team', '平台')],
      [tag('z', '1'), tag('a', '2')],
    ],
  ],
  ['spec.deployType', ['IAAS']],
  ['features.walMode', ['EBSWAL']],
  ['features.schemaRegistryEnabled', [false]],
  [
    'features.security',
    [
      {},
      { authenticationMethods: ['anonymous'], transitEncryptionModes: ['plaintext'] },
      { transitEncryptionModes: ['tls', 'plaintext'], authenticationMethods: ['sasl', 'anonymous'] },
      { dataEncryptionMode: 'NONE', tlsHostnameValidationEnabled: true },
      { tlsHostnameValidationEnabled: false },
    ],
  ],
  [
    'features.metricsExporter',
    [
      exporter({ authType: 'noauth', labels: [tag('z', '1'), tag('a', '2')] }),
      exporter({ authType: 'basic', username: 'mill', password: 'Mill-stone-8' }),
      exporter({ authType: 'bearer', token: 'Mill-stone-8' }),
    ],
  ],
  [
    'features.instanceConfigs',
    [
      [],
      [setting('log.retention.ms', '3600000'), setting('auto.create.topics.enable', 'true')],
      [setting('auto.create.topics.enable', 'TRUE'), setting('num.io.threads', '9')],
    ],
  ],
]

/** What has no effect here, and is fixed. */
const kept: [path: string, values: unknown[]][] = [
  ['spec.template', ['', 'large']],
  ['spec.provider', ['aws']],
  ['spec.region', ['eu-central-1']],
  ['spec.scope', ['123456789012']],
  ['spec.vpc', ['vpc-1']],
  ['clusterId', ['lkc-1']],
  ['accesses', [[], [{ port: 9092 }, {}]]],
]

/** How big it is, in either unit. */
const oneType = { nodeConfig: { instanceTypes: ['simulated.small'] } }
const sizes = [
  { reservedAku: 3 },
  { reservedAku: 8, pricingMode: 'SubscriptionBased' },
  { reservedAku: 6, ...oneType },
  { reservedAku: 6, nodeConfig: { paymentType: 'PREPAID', paymentPeriod: 12 } },
  { reservedNodeCount: 3, pricingMode: 'UsageBased', ...oneType },
  {
    reservedNodeCount: 5,
    pricingMode: 'UsageBased',
    nodeConfig: { ...oneType.nodeConfig, paymentType: '', paymentPeriod: 0 },
  },
]

const places = [[zone('b')], [whole('a')], [whole('c'), zone('a'), whole('b')]]

const set = (body: Body, path: string, value: unknown): Body => {
  const [part, field] = path.split('.') as [string, string | undefined]
  if (!field) return { ...body, [part]: value }
  return { ...body, [part]: { ...(body[part as keyof Body] as object), [field]: value } }
}

/** What of an answer a caller may have set. */
function settable(answer: Record<string, unknown>): Record<string, unknown> {
  const { dataBuckets, ...spec } = answer['spec'] as Record<string, unknown>
  assert.deepEqual(dataBuckets, [], 'clients need it, and nobody sets it here')
  const { name, description, version, features, tags, clusterId, accesses } = answer
  return { name, description, version, spec, features, tags, clusterId, accesses }
}

/** What was sent, as it is to be read: settings are read elsewhere, and no secret is. */
function expected(sent: Body): Record<string, unknown> {
  const { name, description, version, spec, features, tags, clusterId, accesses } = sent
  const { instanceConfigs: _elsewhere, ...read } = features ?? {}
  if ('metricsExporter' in read)
    read['metricsExporter'] = toldOf(read['metricsExporter'] as ReturnType<typeof exporter>)
  return { name, description, version, spec, features: read, tags, clusterId, accesses }
}

function toldOf({ prometheus }: ReturnType<typeof exporter>) {
  const secret = ['enabled', 'password', 'token']
  return { prometheus: Object.fromEntries(Object.entries(prometheus).filter(([field]) => !secret.includes(field))) }
}

let app: TestApp
let client: Client
let made = 0
before(async () => {
  app = await makeApp()
  client = await app.signIn()
})
after(() => app[Symbol.asyncDispose]())

const nextName = () => `orders-${++made}`

async function create(body: object): Promise<string> {
  const { status, body: answer, text } = await client.post('/instances', body)
  assert.equal(status, 201, text)
  return answer.instanceId
}

const read = async (path: string) => (await client.get(path)).body

/** By its id, in the list by its name, and its settings. */
async function assertRead(id: string, sent: Body): Promise<void> {
  assert.deepEqual(settable(await read(`/instances/${id}`)), expected(sent))
  const [first] = (await read(`/instances?keyword=${sent.name}`)).list
  assert.equal(first.instanceId, id)
  assert.deepEqual(settable(first), expected(sent))
  const { list } = await read(`/instances/${id}/configurations`)
  assert.deepEqual(list, sent.features?.['instanceConfigs'] ?? [])
}

const plain = (): Body => ({ ...newInstance({ name: nextName() }), spec: { reservedAku: 3, networks: [zone('a')] } })

describe('alone', () => {
  for (const [path, values] of [...optional, ...kept]) {
    for (const value of values) {
      test(`${path} comes back as ${JSON.stringify(value).slice(0, 90)}, and nothing else with it`, async () => {
        const sent = set(plain(), path, value)
        await assertRead(await create(sent), sent)
      })
    }
  }

  for (const size of sizes) {
    test(`${JSON.stringify(size)} comes back`, async () => {
      const sent = { ...plain(), spec: { ...size, networks: [zone('a')] } }
      await assertRead(await create(sent), sent)
    })
  }

  test('what the public client sends for the unit that is not counted in is not echoed', async () => {
    const counted = { reservedNodeCount: 3, pricingMode: 'UsageBased', ...oneType }
    const sent = { ...plain(), spec: { ...counted, networks: [zone('a')] } }
    await assertRead(await create({ ...sent, spec: { ...sent.spec, reservedAku: 0 } }), sent)
    const other = plain()
    await assertRead(await create({ ...other, spec: { ...other.spec, reservedNodeCount: 0 } }), other)
  })

  test('features that were not sent are an empty object, which clients need', async () => {
    const { features: _none, ...sent } = plain()
    assert.deepEqual((await read(`/instances/${await create(sent)}`)).features, {})
  })

  test('tags that are an empty list are none', async () => {
    const sent = plain()
    await assertRead(await create({ ...sent, tags: [] }), sent)
  })
})

/** Words of security are said one by one, and `{}` says none; everything else is said as a whole. */
function saidOver(before: Body, path: string, value: unknown): Body {
  if (path !== 'features.security') return set(before, path, value)
  const security = { ...(before.features?.['security'] as object | undefined), ...(value as object) }
  return Object.keys(security).length === 0 ? before : set(before, path, security)
}

describe('after an update', () => {
  async function change(id: string, patch: object): Promise<void> {
    const { status, text } = await client.patch(`/instances/${id}`, patch)
    assert.equal(status, 200, text)
    await app.settle()
    assert.equal((await read(`/instances/${id}`)).state, 'Running')
  }

  async function run(sent: Body): Promise<string> {
    const id = await create(sent)
    await app.settle()
    return id
  }

  for (const [path, values] of [...optional, ...kept]) {
    const [first, ...others] = values
    test(`of something else ${path} is as it was, set or unset`, async () => {
      for (const sent of [plain(), set(plain(), path, first)]) {
        const id = await run(sent)
        const part = path === 'tags' ? { description: 'New' } : { tags: [tag('new', '1')] }
        await change(id, { ...part, spec: { reservedAku: 4 } })
        await assertRead(id, { ...sent, ...part, spec: { ...sent.spec, reservedAku: 4 } })
      }
    })

    test(`that says it again ${path} is as it was`, async () => {
      const sent = set(plain(), path, first)
      const id = await run(sent)
      await change(id, set({} as Body, path, first))
      await assertRead(id, sent)
    })

    if (kept.some(([fixed]) => fixed === path)) continue
    test(`that sets it, and sets it otherwise, ${path} is what was said last`, async () => {
      let sent = plain()
      const id = await run(sent)
      for (const value of [first, ...others]) {
        await change(id, { description: 'New', ...set({} as Body, path, value) })
        sent = saidOver({ ...sent, description: 'New' }, path, value)
        await assertRead(id, sent)
      }
    })
  }
})

describe('fields that ask for nothing', () => {
  const emptyIn = (part: 'spec' | 'features', fields: Record<string, unknown>) =>
    Object.entries(fields).map(([field, value]) => [`${part}.${field}`, value] as const)
  const harmless: (readonly [path: string, value: unknown])[] = [
    ...emptyIn('spec', {
      kubernetesClusterId: '',
      kubernetesNodeGroups: [],
      kubernetesLoadBalancerSubnets: [],
      kubernetesNamespace: '',
      kubernetesServiceAccount: null,
      scheduleSpec: null,
      dnsZone: '',
      instanceRole: '',
      securityGroups: [],
      dataBuckets: [],
      fileSystemForFsWal: null,
      template: null,
      nodeConfig: {},
      securityGroup: '',
      dnsZoneType: null,
    }),
    ...emptyIn('features', {
      tableTopic: { enabled: false },
      s3Failover: { enabled: false },
      inboundRules: [],
      extendListeners: [],
      metricsExporter: { prometheus: { enabled: false, endPoint: '' }, cloudWatch: { enabled: false }, oltp: {} },
    }),
    ['clusterId', null],
    ['endPoint', null],
    ['accesses', null],
  ]
  for (const [path, value] of harmless) {
    test(`such as ${path} = ${JSON.stringify(value)} are let through and not echoed`, async () => {
      const sent = plain()
      await assertRead(await create(set(sent, path, value)), sent)
    })
  }
})

describe('together', () => {
  const some = Object.fromEntries(optional.map(([path, values]) => [path, fc.option(fc.constantFrom(...values))]))
  const chosen = fc.record(some) as fc.Arbitrary<Record<string, unknown>>
  const anyKept = Object.fromEntries(kept.map(([path, values]) => [path, fc.option(fc.constantFrom(...values))]))
  const wishes = fc.record({
    first: chosen,
    second: chosen,
    fixed: fc.record(anyKept) as fc.Arbitrary<Record<string, unknown>>,
    size: fc.constantFrom(...sizes),
    networks: fc.constantFrom(...places),
    grown: fc.integer({ min: 3, max: 12 }),
  })

  const withAll = (body: Body, fields: Record<string, unknown>): Body =>
    Object.entries(fields).reduce((all, [path, value]) => (value === null ? all : set(all, path, value)), body)

  test('they come back from the create to the end, and after a change that says other things', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async ({ first, second, fixed, size, networks, grown }) => {
        const born = withAll(withAll({ ...plain(), spec: { ...size, networks } }, first), fixed)
        const id = await create(born)
        await assertRead(id, born)
        await app.settle()
        await assertRead(id, born)

        // All that can be changed or said again; the way from one security to another is told elsewhere.
        const { 'features.security': _elsewhere, ...said } = second
        const bigger = 'reservedAku' in size ? { reservedAku: grown } : { reservedNodeCount: grown }
        const patch = withAll(
          { ...plain(), version: '4.3.1', spec: { ...size, networks, ...bigger } },
          { ...said, ...fixed },
        )
        const { status, text } = await client.patch(`/instances/${id}`, patch)
        assert.equal(status, 200, text)
        const after: Body = {
          ...born,
          ...patch,
          spec: { ...born.spec, ...patch.spec },
          features: { ...born.features, ...patch.features },
        }
        await app.settle()
        assert.equal((await read(`/instances/${id}`)).state, 'Running')
        await assertRead(id, after)

        // And what is said once more as it is changes nothing at all.
        const events = await read(`/instances/${id}/events?size=200`)
        const { gmtModified } = await read(`/instances/${id}`)
        app.pass(60)
        const again = await client.patch(`/instances/${id}`, patch)
        assert.deepEqual([again.status, again.body.state, again.body.gmtModified], [200, 'Running', gmtModified])
        assert.equal((await read(`/instances/${id}/events?size=200`)).total, events.total)
      }),
      { numRuns: 6, seed: 1 },
    )
  })
})
