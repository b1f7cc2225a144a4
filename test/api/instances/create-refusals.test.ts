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
  ['no AKU', withSpec({ reservedAku: undefined }), 'spec.reservedAku', /from 3 to 500; this is 0/],
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

type Unsupported = [what: string, body: unknown, code: string]

const security = (fields: Record<string, unknown>) => withFeatures({ security: fields })

/** Known to the wire contract, and not to be had in this release. */
const unsupported: Unsupported[] = [
  ['Kubernetes', withSpec({ deployType: 'K8S' }), 'Instance.UnsupportedDeployType'],
  ['usage-based pricing', withSpec({ pricingMode: 'UsageBased' }), 'Instance.UnsupportedPricingMode'],
  ['a number of nodes', withSpec({ reservedNodeCount: 3 }), 'Instance.UnsupportedNodeCount'],
  [
    'another machine type',
    withSpec({ nodeConfig: { instanceTypes: ['m7g.xlarge'] } }),
    'Instance.UnsupportedInstanceTypes',
  ],
  ['a payment type', withSpec({ nodeConfig: { paymentType: 'x' } }), 'Instance.UnsupportedInstanceTypes'],
  ['a Kubernetes cluster', withSpec({ kubernetesClusterId: 'eks' }), 'Instance.UnsupportedKubernetes'],
  ['node groups', withSpec({ kubernetesNodeGroups: [{ id: 'ng' }] }), 'Instance.UnsupportedKubernetes'],
  ['a schedule', withSpec({ scheduleSpec: 'nodeSelector: {}' }), 'Instance.UnsupportedKubernetes'],
  ['a DNS zone', withSpec({ dnsZone: 'example.test' }), 'Instance.UnsupportedDnsZone'],
  ['a role', withSpec({ instanceRole: 'role' }), 'Instance.UnsupportedInstanceRole'],
  ['security groups', withSpec({ securityGroups: ['sg-1'] }), 'Instance.UnsupportedSecurityGroups'],
  ['a data bucket', withSpec({ dataBuckets: [{ bucketName: 'b' }] }), 'Instance.UnsupportedDataBuckets'],
  ['a file system', withSpec({ fileSystemForFsWal: { fileSystemCount: 1 } }), 'Instance.UnsupportedFileSystemForFsWal'],
  ['a region', withSpec({ region: 'eu-1' }), 'Instance.UnsupportedRegion'],
  ['a cluster id', newInstance({ clusterId: 'abc' }), 'Instance.UnsupportedClusterId'],
  ['S3WAL', withFeatures({ walMode: 'S3WAL' }), 'Instance.UnsupportedWalMode'],
  ['FSWAL', withFeatures({ walMode: 'FSWAL' }), 'Instance.UnsupportedWalMode'],
  ['an unknown way to sign in', security({ authenticationMethods: ['kerberos'] }), 'Instance.Invalid'],
  [
    'mutual TLS beside nothing',
    security({ authenticationMethods: ['anonymous', 'mtls'], transitEncryptionModes: ['tls'] }),
    'Instance.Invalid',
  ],
  ['an unknown encryption', security({ transitEncryptionModes: ['ipsec'] }), 'Instance.Invalid'],
  ['CPMK', security({ dataEncryptionMode: 'CPMK' }), 'Instance.UnsupportedDataEncryption'],
  ['a certificate', security({ certificateAuthority: '-----BEGIN' }), 'Instance.Invalid'],
  ['a private key', security({ privateKey: '-----BEGIN' }), 'Instance.Invalid'],
  [
    'metrics',
    withFeatures({ metricsExporter: { prometheus: { enabled: true } } }),
    'Instance.UnsupportedMetricsExporter',
  ],
  ['metrics said badly', withFeatures({ metricsExporter: 5 }), 'Instance.UnsupportedMetricsExporter'],
  ['a table topic', withFeatures({ tableTopic: { enabled: true, warehouse: 'w' } }), 'Instance.UnsupportedTableTopic'],
  ['a Schema Registry', withFeatures({ schemaRegistryEnabled: true }), 'Instance.UnsupportedSchemaRegistry'],
  ['failover', withFeatures({ s3Failover: { enabled: true } }), 'Instance.UnsupportedS3Failover'],
  ['more listeners', withFeatures({ extendListeners: [{ listenerName: 'x' }] }), 'Instance.UnsupportedExtendListeners'],
]

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
    for (const [what, sent, path, words] of wrongFields) {
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

  describe('400 says in words that it is not to be had yet, for', () => {
    for (const [what, sent, code] of unsupported) {
      test(what, async () => {
        const { status, body } = await client.post('/instances', sent)
        assert.equal(status, 400, JSON.stringify(body))
        assert.equal(body.error.code, code)
        assert.ok(body.error.message.split(' ').length > 5, body.error.message)
        assert.ok(body.error.fields.length > 0)
      })
    }
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
