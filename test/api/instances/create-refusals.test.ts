import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance, withFeatures, withSpec } from '../../harness/instances.ts'

/** Everything that a create refuses with 400, one row each: what is sent, the field that is named, the words of the rule. */
let app: TestApp
let client: Client

type Row = [what: string, body: unknown, path: string, words: RegExp]

const wrongFields: Row[] = [
  ['a name that is too short', newInstance({ name: 'ab' }), 'name', /3 to 64 characters; this one has 2/],
  ['a name that is too long', newInstance({ name: 'x'.repeat(65) }), 'name', /this one has 65/],
  [
    'a name with a space',
    newInstance({ name: 'my orders' }),
    'name',
    /letters \(Chinese included\), digits, "_" and "-" only/,
  ],
  ['a name with an emoji', newInstance({ name: 'orders🚀' }), 'name', /only/],
  ['no name', newInstance({ name: undefined }), 'name', /The name is a text/],
  ['a name that is a number', newInstance({ name: 42 }), 'name', /The name is a text/],
  ['a remark that is too long', newInstance({ description: 'x'.repeat(257) }), 'description', /at most 256 characters/],
  ['a remark that is null', newInstance({ description: null }), 'description', /The remark is a text/],
  ['no version', newInstance({ version: undefined }), 'version', /The version is a text/],
  ['an unknown version', newInstance({ version: '0.8.2' }), 'version', /no version "0\.8\.2" here; there are 3\.9\.2/],
  ['no spec', newInstance({ spec: undefined }), 'spec', /expected object/],
  ['too few AKU', withSpec({ reservedAku: 2 }), 'spec.reservedAku', /whole number from 3 to 500; this is 2/],
  ['too many AKU', withSpec({ reservedAku: 501 }), 'spec.reservedAku', /this is 501/],
  ['half an AKU', withSpec({ reservedAku: 3.5 }), 'spec.reservedAku', /AKU is a whole number/],
  ['AKU as a text', withSpec({ reservedAku: '6' }), 'spec.reservedAku', /AKU is a whole number/],
  ['no AKU', withSpec({ reservedAku: undefined }), 'spec.reservedAku', /Say how many AKU.*from 3 to 500/],
  ['0 AKU', withSpec({ reservedAku: 0 }), 'spec.reservedAku', /Say how many AKU/],
  ['no networks', withSpec({ networks: undefined }), 'spec.networks', /a list of \{zone, subnet\}/],
  ['an empty list of networks', withSpec({ networks: [] }), 'spec.networks', /one zone or in three; 0 were given/],
  ['two zones', withSpec({ networks: zones('a', 'b') }), 'spec.networks', /2 were given. Two cannot survive/],
  ['a zone twice', withSpec({ networks: zones('a', 'a', 'b') }), 'spec.networks', /Each zone may be named once/],
  [
    'an unknown zone',
    withSpec({ networks: zones('z') }),
    'spec.networks.0.zone',
    /no zone "sim-z" here; there are sim-a/,
  ],
  [
    'a subnet of another zone',
    withSpec({ networks: [{ zone: 'sim-a', subnet: 'subnet-sim-b' }] }),
    'spec.networks.0.subnet',
    /not in zone sim-a; there is subnet-sim-a/,
  ],
  ['a network without a zone', withSpec({ networks: [{ subnet: 'x' }] }), 'spec.networks.0.zone', /A zone is a text/],
  ['a template of many words', withSpec({ template: 'x'.repeat(257) }), 'spec.template', /at most 256 characters/],
  ['a region that is a number', withSpec({ region: 1 }), 'spec.region', /A region is a text/],
  [
    'a payment period in words',
    withSpec({ nodeConfig: { paymentPeriod: 'month' } }),
    'spec.nodeConfig.paymentPeriod',
    /whole number/,
  ],
  ['a cluster id that is none', newInstance({ clusterId: {} }), 'clusterId', /A cluster id is a text/],
  ['accesses that are no list', newInstance({ accesses: { port: 1 } }), 'accesses', /a list of objects/],
  ['an unknown field', newInstance({ nmae: 'orders' }), 'nmae', /no field "nmae" here/],
  ['an unknown field of the spec', withSpec({ aku: 6 }), 'spec.aku', /no field "aku"/],
  [
    'an unknown field of a network',
    withSpec({ networks: [{ zone: 'sim-a', vpc: 'x' }] }),
    'spec.networks.0.vpc',
    /no field/,
  ],
  ['an unknown feature', withFeatures({ turbo: true }), 'features.turbo', /no field "turbo"/],
  ['features that are null', newInstance({ features: null }), 'features', /expected object/],
  ['a tag without a value', newInstance({ tags: [{ name: 'team' }] }), 'tags.0.value', /A tag value is a text/],
  [
    'a setting that is no text',
    withConfigs({ key: 'num.io.threads', value: 4 }),
    'features.instanceConfigs.0.value',
    /text/,
  ],
  ['a setting without a key', withConfigs({ key: '', value: '4' }), 'features.instanceConfigs.0.key', /not empty/],
  [
    'a setting twice',
    withConfigs({ key: 'num.io.threads', value: '4' }, { key: 'num.io.threads', value: '8' }),
    'features.instanceConfigs.1.key',
    /given twice/,
  ],
  ...['node.id', 'listeners', 'broker.rack', 'log.dirs', 'controller.quorum.bootstrap.servers'].map((key): Row => [
    `the setting ${key}`,
    withConfigs({ key, value: '1' }),
    'features.instanceConfigs.0.key',
    /Millrace sets it/,
  ]),
]

type Unsupported = [what: string, body: unknown, code: string, path: string, words: RegExp]

const security = (fields: Record<string, unknown>) => withFeatures({ security: fields })

const usageBased = (spec: Record<string, unknown>) => withSpec({ ...usage, ...spec })
const usage = {
  pricingMode: 'UsageBased',
  reservedAku: 0,
  reservedNodeCount: 3,
  nodeConfig: { instanceTypes: ['simulated.small'] },
}
const instanceTypes = 'spec.nodeConfig.instanceTypes'

const wrongCapacity: Row[] = [
  [
    'an unknown pricing mode',
    withSpec({ pricingMode: 'OnDemand' }),
    'spec.pricingMode',
    /no pricing mode "OnDemand"; there are SubscriptionBased/,
  ],
  [
    'no number of nodes',
    usageBased({ reservedNodeCount: undefined }),
    'spec.reservedNodeCount',
    /Say how many nodes.*from 3 to 100/,
  ],
  ['0 nodes', usageBased({ reservedNodeCount: 0 }), 'spec.reservedNodeCount', /Say how many nodes/],
  ['too few nodes', usageBased({ reservedNodeCount: 2 }), 'spec.reservedNodeCount', /from 3 to 100; this is 2/],
  ['too many nodes', usageBased({ reservedNodeCount: 101 }), 'spec.reservedNodeCount', /this is 101/],
  ['half a node', usageBased({ reservedNodeCount: 3.5 }), 'spec.reservedNodeCount', /whole number from 3 to 100/],
  ['nodes of no type', usageBased({ nodeConfig: undefined }), instanceTypes, /name it; there is simulated\.small/],
  ['nodes of an empty list of types', usageBased({ nodeConfig: { instanceTypes: [] } }), instanceTypes, /name it/],
]

const tagged = (...tags: object[]) => newInstance({ tags })

const wrongTags: Row[] = [
  [
    'a tag twice',
    tagged({ name: 'team', value: 'a' }, { name: 'team', value: 'b' }),
    'tags.1.name',
    /"team" is given twice/,
  ],
  ['a tag without a name', tagged({ name: ' ', value: 'a' }), 'tags.0.name', /cannot be empty/],
  ['a tag with a long name', tagged({ name: 'x'.repeat(129), value: '' }), 'tags.0.name', /at most 128 .* has 129/],
  ['a tag with a long value', tagged({ name: 'x', value: 'x'.repeat(257) }), 'tags.0.value', /at most 256 .* has 257/],
  [
    'too many tags',
    tagged(...Array.from({ length: 51 }, (_, n) => ({ name: `t${n}`, value: '' }))),
    'tags',
    /at most 50 tags; these are 51/,
  ],
  ['tags that are no list', newInstance({ tags: { team: 'shop' } }), 'tags', /a list of \{name, value\}/],
]

const kubernetes = (field: string, value: unknown): Unsupported => [
  field,
  withSpec({ [field]: value }),
  'Instance.UnsupportedKubernetes',
  `spec.${field}`,
  new RegExp(`no pods.*leave ${field} out`),
]

const codeOf = (field: string) => `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`

const inSpec = (field: string, value: unknown, words: RegExp): Unsupported => [
  field,
  withSpec({ [field]: value }),
  codeOf(field),
  `spec.${field}`,
  words,
]

const inFeatures = (field: string, value: unknown, words: RegExp): Unsupported => [
  field,
  withFeatures({ [field]: value }),
  codeOf(field),
  `features.${field}`,
  words,
]

const exporter = (metricsExporter: object, field: string, words: RegExp): Unsupported => [
  `metrics by ${field}`,
  withFeatures({ metricsExporter }),
  'Instance.UnsupportedMetricsExporter',
  `features.metricsExporter.${field}`,
  words,
]

const securityPath = 'features.security'
const receiver = { enabled: true, endPoint: 'https://a.test/write', authType: 'noauth' }

/** Known to the wire contract, and not to be had here. */
const unsupported: Unsupported[] = [
  inSpec('deployType', 'K8S', /processes of this machine.*only deployType is IAAS/),
  [
    'another machine type',
    withSpec({ nodeConfig: { instanceTypes: ['m7g.xlarge'] } }),
    'Instance.UnsupportedInstanceTypes',
    instanceTypes,
    /no instance type "m7g\.xlarge" here; there is simulated\.small/,
  ],
  [
    'two machine types',
    withSpec({ nodeConfig: { instanceTypes: ['simulated.small', 'simulated.small'] } }),
    'Instance.UnsupportedInstanceTypes',
    instanceTypes,
    /Name one instance type/,
  ],
  [
    'nodes where AKU are counted',
    withSpec({ reservedNodeCount: 3 }),
    'Instance.UnsupportedReservedNodeCount',
    'spec.reservedNodeCount',
    /SubscriptionBased counts AKU.*leave reservedNodeCount out/,
  ],
  [
    'AKU where nodes are counted',
    usageBased({ reservedAku: 3 }),
    'Instance.UnsupportedReservedAku',
    'spec.reservedAku',
    /UsageBased counts nodes.*leave reservedAku out/,
  ],
  kubernetes('kubernetesClusterId', 'eks'),
  kubernetes('kubernetesNamespace', 'kafka'),
  kubernetes('kubernetesServiceAccount', 'kafka'),
  kubernetes('kubernetesNodeGroups', [{ id: 'ng' }]),
  kubernetes('kubernetesLoadBalancerSubnets', ['subnet-1']),
  kubernetes('scheduleSpec', 'nodeSelector: {}'),
  inSpec('dnsZone', 'example.test', /no DNS zone.*leave dnsZone out/),
  inSpec('instanceRole', 'role', /no role of a cloud/),
  inSpec('securityGroup', 'sg-1', /no security group/),
  inSpec('securityGroups', ['sg-1'], /no security group/),
  inSpec('dnsZoneType', 'PRIVATE', /no DNS zone.*leave dnsZoneType out/),
  inSpec('dataBuckets', [{ bucketName: 'b' }], /own disk, and in no bucket/),
  inSpec('fileSystemForFsWal', { fileSystemCount: 1 }, /no shared file system/),
  [
    'a Kafka that runs elsewhere',
    newInstance({ endPoint: { endpoint: 'orders:9092', user: 'admin', password: 'mill-stone' } }),
    'Instance.UnsupportedEndPoint',
    'endPoint',
    /takes over no Kafka.*leave endPoint out/,
  ],
  inFeatures('walMode', 'S3WAL', /object store.*only walMode is EBSWAL/),
  inFeatures('walMode', 'FSWAL', /shared file system.*only walMode is EBSWAL/),
  inFeatures('walMode', 'TAPE', /no WAL mode "TAPE".*only walMode is EBSWAL/),
  ...['CPMK', 'BYOK'].map((mode): Unsupported => [
    mode,
    security({ dataEncryptionMode: mode }),
    'Instance.UnsupportedDataEncryption',
    `${securityPath}.dataEncryptionMode`,
    /need a key service.*NONE/,
  ]),
  inFeatures('tableTopic', { enabled: true, warehouse: 'w', catalogType: 'glue' }, /leave tableTopic out/),
  [
    'a Schema Registry',
    withFeatures({ schemaRegistryEnabled: true }),
    'Instance.UnsupportedSchemaRegistry',
    'features.schemaRegistryEnabled',
    /runs no Schema Registry.*can only be false/,
  ],
  inFeatures('s3Failover', { enabled: true }, /no object store/),
  inFeatures('inboundRules', [{ listenerName: 'x', cidrs: ['0.0.0.0/0'] }], /firewall/),
  inFeatures('extendListeners', [{ listenerName: 'x' }], /listeners follow from the security/),
  exporter({ prometheus: { ...receiver, authType: 'sigv4' } }, 'prometheus.authType', /not signed for AWS/),
  exporter(
    { prometheus: { ...receiver, prometheusArn: 'arn:aws:aps:x' } },
    'prometheus.prometheusArn',
    /leave prometheusArn out/,
  ),
  exporter({ cloudWatch: { namespace: 'kafka' } }, 'cloudWatch', /remote write alone/),
  exporter({ oltp: { endPoint: 'https://a' } }, 'oltp', /remote write alone/),
  [
    'metrics that are switched off and described',
    withFeatures({ metricsExporter: { prometheus: { ...receiver, enabled: false } } }),
    'Instance.Invalid',
    'features.metricsExporter.prometheus.endPoint',
    /With enabled false nothing is sent on: leave endPoint out/,
  ],
  [
    'metrics to nowhere',
    withFeatures({ metricsExporter: { prometheus: { enabled: true, authType: 'noauth' } } }),
    'Instance.Invalid',
    'features.metricsExporter.prometheus.endPoint',
    /address of the receiver/,
  ],
  ...wrongSecurity(),
]

function wrongSecurity(): Unsupported[] {
  const rows: [what: string, fields: Record<string, unknown>, field: string, words: RegExp][] = [
    ['an unknown way to sign in', { authenticationMethods: ['kerberos'] }, 'authenticationMethods', /no kerberos here/],
    [
      'mutual TLS without an authority',
      { authenticationMethods: ['anonymous', 'mtls'], transitEncryptionModes: ['tls'] },
      'certificateAuthority',
      /give its certificate/,
    ],
    ['an unknown encryption', { transitEncryptionModes: ['ipsec'] }, 'transitEncryptionModes', /no ipsec here/],
    ['no way to sign in', { authenticationMethods: [] }, 'authenticationMethods', /at least one/],
    ['a certificate that is none', { certificateAuthority: '-----BEGIN' }, 'certificateAuthority', /./],
  ]
  return rows.map(([what, fields, field, words]) => [
    what,
    security(fields),
    'Instance.Invalid',
    `${securityPath}.${field}`,
    words,
  ])
}

type Malformed = [what: string, body: string, code: string]

const malformed: Malformed[] = [
  ['an empty body', '', 'Request.NoBody'],
  ['half an object', '{"name":', 'Request.MalformedJson'],
  ['a list', '[]', 'Request.Invalid'],
  ['null', 'null', 'Request.Invalid'],
  ['a text', '"orders"', 'Request.Invalid'],
  ['a NUL in a text', JSON.stringify(newInstance({ description: 'a\0b' })), 'Request.UnstorableText'],
  ['half a surrogate pair', JSON.stringify(newInstance({ description: '\ud800' })), 'Request.UnstorableText'],
  ['a NUL in the name of a field', JSON.stringify(newInstance({ 'a\0b': 1 })), 'Request.UnstorableText'],
  ['a body as deep as it is long', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'Request.Invalid'],
]

describe('a create', () => {
  before(async () => {
    app = await makeApp()
    client = await app.signIn()
  })
  after(async () => {
    const { body } = await client.get('/instances')
    await app[Symbol.asyncDispose]()
    assert.equal(body.total, 0, 'a refused create leaves nothing')
  })

  describe('400 names the field and its rule, for', () => {
    for (const [what, sent, path, words] of [...wrongFields, ...wrongCapacity, ...wrongTags]) {
      test(what, async () => {
        const { status, body } = await client.post('/instances', sent)
        assert.equal(status, 400, JSON.stringify(body))
        const field = body.error.fields.find((one: { path: string }) => one.path === path)
        assert.ok(field, `${path} is not among ${JSON.stringify(body.error.fields)}`)
        assert.match(field.message, words)
      })
    }

    test('every field at once', async () => {
      const { body } = await client.post('/instances', { ...withSpec({ reservedAku: 1 }), name: 'x', version: '9' })
      const paths = body.error.fields.map((one: { path: string }) => one.path)
      assert.deepEqual(paths, ['name', 'version', 'spec.reservedAku'])
    })
  })

  describe('400 says in words that it is not to be had, for', () => {
    for (const [what, sent, code, path, words] of unsupported) {
      test(what, async () => {
        const { status, body } = await client.post('/instances', sent)
        assert.equal(status, 400, JSON.stringify(body))
        const [field] = body.error.fields
        assert.deepEqual([body.error.code, field.path], [code, path])
        assert.match(field.message, words)
        assert.equal(body.error.message, field.message)
      })
    }

    test('everything at once', async () => {
      const sent = { ...withSpec({ deployType: 'K8S', dnsZone: 'x' }), features: { walMode: 'S3WAL' } }
      const { body } = await client.post('/instances', sent)
      const paths = body.error.fields.map((one: { path: string }) => one.path)
      assert.deepEqual(paths, ['spec.deployType', 'spec.dnsZone', 'features.walMode'])
    })
  })

  describe('400 in our own error body, for', () => {
    for (const [what, sent, code] of malformed) {
      test(what, async () => {
        const { status, body } = await client.post('/instances', sent)
        assert.equal(status, 400)
        assert.equal(body.error.code, code)
      })
    }

    test('a parameter that is not there', async () => {
      const { status, body } = await client.post('/instances?dryrun=true', newInstance())
      assert.equal(status, 400)
      assert.match(body.error.message, /dryrun/)
    })
  })

  test('413 for more than a mebibyte', async () => {
    const { status, body } = await client.post('/instances', newInstance({ description: 'x'.repeat(2 ** 20) }))
    assert.equal(status, 413)
    assert.equal(body.error.code, 'Request.TooLarge')
  })
})

function zones(...letters: string[]) {
  return letters.map((letter) => ({ zone: `sim-${letter}` }))
}

function withConfigs(...instanceConfigs: object[]) {
  return withFeatures({ instanceConfigs })
}
