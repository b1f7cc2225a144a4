import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance, runInstance } from '../../harness/instances.ts'

/** Everything that a change refuses with 400, one row each: what is sent, the code, the field that is named, the words. */
type Row = [what: string, patch: object, code: string, path: string, words: RegExp]

const spec = (fields: object) => ({ spec: fields })
const features = (fields: object) => ({ features: fields })
const types = 'spec.nodeConfig.instanceTypes'

const codeOf = (field: string) => `Instance.Unsupported${field[0]!.toUpperCase()}${field.slice(1)}`
const unsupported = (part: 'spec' | 'features', field: string, value: unknown): Row => {
  return [field, { [part]: { [field]: value } }, codeOf(field), `${part}.${field}`, /\w+ \w+ \w+/]
}
const kubernetes = (field: string, value: unknown): Row => {
  return [field, spec({ [field]: value }), 'Instance.UnsupportedKubernetes', `spec.${field}`, /no pods/]
}
const fixed = (field: string, patch: object): Row => {
  return [field, patch, 'Instance.UnsupportedChange', field, /fixed once the Instance is made: it is /]
}

/** Whatever an Instance counts in. */
const always: Row[] = [
  ['a name that is too short', { name: 'x' }, 'Instance.Invalid', 'name', /3 to 64/],
  ['a remark that is too long', { description: 'x'.repeat(257) }, 'Instance.Invalid', 'description', /at most 256/],
  ['a tag twice', { tags: [tag('a'), tag('a')] }, 'Instance.Invalid', 'tags.1.name', /given twice/],
  ['a tag without a name', { tags: [tag('')] }, 'Instance.Invalid', 'tags.0.name', /cannot be empty/],
  ['tags as an object', { tags: { a: 'b' } }, 'Request.Invalid', 'tags', /a list of \{name, value\}/],
  ['an unknown version', { version: '9.9.9' }, 'Instance.Invalid', 'version', /no version "9\.9\.9"/],
  ['a version that lies behind', { version: '3.9.2' }, 'Instance.Invalid', 'version', /no way back/],
  ['half an AKU', spec({ reservedAku: 3.5 }), 'Request.Invalid', 'spec.reservedAku', /whole number/],
  ['half a node', spec({ reservedNodeCount: 3.5 }), 'Request.Invalid', 'spec.reservedNodeCount', /whole number/],
  ['an unknown field of the spec', spec({ aku: 3 }), 'Request.Invalid', 'spec.aku', /no field "aku"/],
  [
    'another machine type',
    spec({ nodeConfig: { instanceTypes: ['m7g.xlarge'] } }),
    'Instance.UnsupportedInstanceTypes',
    types,
    /no instance type "m7g\.xlarge" here; there is simulated\.small/,
  ],
  [
    'a setting that Kafka has not',
    features({ instanceConfigs: [{ key: 'log.retention.msec', value: '1' }] }),
    'Instance.Invalid',
    'features.instanceConfigs.0.key',
    /Did you mean "log\.retention\.ms"/,
  ],
  [
    'a setting with a wrong value',
    features({ instanceConfigs: [{ key: 'log.retention.ms', value: 'long' }] }),
    'Instance.Invalid',
    'features.instanceConfigs.0.value',
    /number/,
  ],
  unsupported('spec', 'deployType', 'K8S'),
  unsupported('spec', 'dnsZone', 'example.test'),
  unsupported('spec', 'instanceRole', 'role'),
  unsupported('spec', 'securityGroup', 'sg-1'),
  unsupported('spec', 'securityGroups', ['sg-1']),
  unsupported('spec', 'dnsZoneType', 'PRIVATE'),
  ['endPoint', { endPoint: { endpoint: 'a:1' } }, 'Instance.UnsupportedEndPoint', 'endPoint', /takes over no Kafka/],
  unsupported('spec', 'dataBuckets', [{ bucketName: 'b' }]),
  unsupported('spec', 'fileSystemForFsWal', { throughputMiBpsPerFileSystem: 10, fileSystemCount: 1 }),
  kubernetes('kubernetesNodeGroups', [{ id: 'ng' }]),
  kubernetes('scheduleSpec', 'nodeSelector: {}'),
  kubernetes('kubernetesClusterId', 'eks'),
  kubernetes('kubernetesNamespace', 'kafka'),
  kubernetes('kubernetesServiceAccount', 'kafka'),
  kubernetes('kubernetesLoadBalancerSubnets', ['subnet-1']),
  unsupported('features', 'walMode', 'S3WAL'),
  unsupported('features', 'walMode', 'FSWAL'),
  unsupported('features', 'tableTopic', { enabled: true, warehouse: 'w', catalogType: 'glue' }),
  unsupported('features', 's3Failover', { enabled: true }),
  unsupported('features', 'inboundRules', [{ listenerName: 'x' }]),
  unsupported('features', 'extendListeners', [{ listenerName: 'x' }]),
  [
    'an unknown way to sign in beside the one there is',
    features({ security: { authenticationMethods: ['anonymous', 'kerberos'] } }),
    'Instance.Invalid',
    'features.security.authenticationMethods',
    /no kerberos here/,
  ],
  [
    'a key of your own',
    features({ security: { dataEncryptionMode: 'CPMK' } }),
    'Instance.UnsupportedDataEncryption',
    'features.security.dataEncryptionMode',
    /need a key service/,
  ],
  [
    'metrics signed for AWS',
    features({ metricsExporter: { prometheus: { authType: 'sigv4', endPoint: 'https://a.test/write' } } }),
    'Instance.UnsupportedMetricsExporter',
    'features.metricsExporter.prometheus.authType',
    /not signed for AWS/,
  ],
  [
    'metrics to CloudWatch',
    features({ metricsExporter: { cloudWatch: { enabled: true, namespace: 'kafka' } } }),
    'Instance.UnsupportedMetricsExporter',
    'features.metricsExporter.cloudWatch',
    /remote write alone/,
  ],
  [
    'metrics that are switched off and described',
    features({ metricsExporter: { prometheus: { enabled: false, authType: 'noauth' } } }),
    'Instance.Invalid',
    'features.metricsExporter.prometheus.authType',
    /leave authType out/,
  ],
  [
    'a node to hold that is not there',
    { operation: { holdNode: 9 } },
    'Instance.Invalid',
    'operation.holdNode',
    /no node 9/,
  ],
  [
    'a Schema Registry',
    features({ schemaRegistryEnabled: true }),
    'Instance.UnsupportedSchemaRegistry',
    'features.schemaRegistryEnabled',
    /can only be false/,
  ],
  fixed('spec.networks', spec({ networks: [{ zone: 'sim-b' }] })),
  fixed('spec.networks', spec({ networks: [] })),
  ...['template', 'provider', 'region', 'scope', 'vpc'].map((word) => fixed(`spec.${word}`, spec({ [word]: 'x' }))),
  fixed('spec.nodeConfig.paymentType', spec({ nodeConfig: { paymentType: 'x' } })),
  fixed('spec.nodeConfig.paymentPeriod', spec({ nodeConfig: { paymentPeriod: 1 } })),
  fixed('clusterId', { clusterId: 'x' }),
  fixed('accesses', { accesses: [{ port: 9092 }] }),
]

const noNodes = 'Instance.UnsupportedReservedNodeCount'
const noAku = 'Instance.UnsupportedReservedAku'

const countedInAku: Row[] = [
  ['too many AKU', spec({ reservedAku: 501 }), 'Instance.Invalid', 'spec.reservedAku', /from 3 to 500; this is 501/],
  ['0 AKU', spec({ reservedAku: 0 }), 'Instance.Invalid', 'spec.reservedAku', /this is 0/],
  ['nodes', spec({ reservedNodeCount: 4 }), noNodes, 'spec.reservedNodeCount', /counts AKU/],
  ['both', spec({ reservedAku: 6, reservedNodeCount: 4 }), noNodes, 'spec.reservedNodeCount', /counts AKU/],
  fixed('spec.pricingMode', spec({ pricingMode: 'UsageBased', reservedNodeCount: 3 })),
]

const countedInNodes: Row[] = [
  [
    'too many nodes',
    spec({ reservedNodeCount: 101 }),
    'Instance.Invalid',
    'spec.reservedNodeCount',
    /3 to 100; this is 101/,
  ],
  ['too few nodes', spec({ reservedNodeCount: 2 }), 'Instance.Invalid', 'spec.reservedNodeCount', /this is 2/],
  ['0 nodes', spec({ reservedNodeCount: 0 }), 'Instance.Invalid', 'spec.reservedNodeCount', /this is 0/],
  ['AKU', spec({ reservedAku: 6 }), noAku, 'spec.reservedAku', /counts nodes/],
  ['both', spec({ reservedAku: 6, reservedNodeCount: 4 }), noAku, 'spec.reservedAku', /counts nodes/],
  fixed(types, spec({ nodeConfig: { instanceTypes: [] } })),
  fixed('spec.pricingMode', spec({ pricingMode: 'SubscriptionBased', reservedAku: 3 })),
]

const usage = {
  pricingMode: 'UsageBased',
  reservedNodeCount: 3,
  nodeConfig: { instanceTypes: ['simulated.small'] },
  networks: [{ zone: 'sim-a' }],
}

for (const [what, otherwise, rows] of [
  ['AKU', newInstance(), [...always, ...countedInAku]],
  ['nodes', newInstance({ spec: usage }), [...always, ...countedInNodes]],
] as const) {
  describe(`a change of an Instance that counts ${what} is refused with 400 for`, () => {
    let app: TestApp
    let client: Client
    let id: string
    let born: object
    before(async () => {
      app = await makeApp()
      client = await app.signIn()
      id = await runInstance(app, client, otherwise)
      born = (await client.get(`/instances/${id}`)).body
    })
    after(async () => {
      const { body } = await client.get(`/instances/${id}`)
      const operations = await client.get(`/operations?instanceId=${id}`)
      await app[Symbol.asyncDispose]()
      assert.deepEqual(body, born, 'a refused change changes nothing')
      assert.equal(operations.body.total, 1)
    })

    for (const [wrong, patch, code, path, words] of rows) {
      for (const query of ['', '?dryRun=true']) {
        test(`${wrong} ${JSON.stringify(patch).slice(0, 60)}${query}`, async () => {
          // With something right beside it: all of it is refused.
          const { status, body } = await client.patch(`/instances/${id}${query}`, { description: 'New', ...patch })
          assert.equal(status, 400, JSON.stringify(body))
          const field = body.error.fields.find((one: { path: string }) => one.path === path)
          assert.deepEqual([body.error.code, field?.path], [code, path], JSON.stringify(body))
          assert.match(field.message, words)
        })
      }
    }

    for (const nothing of [{}, { spec: {} }, { features: {} }, { operation: { soakSeconds: 5 } }]) {
      test(`nothing to change: ${JSON.stringify(nothing)}`, async () => {
        const { status, body } = await client.patch(`/instances/${id}`, nothing)
        assert.deepEqual([status, body.error.code], [400, 'Request.NothingToChange'])
      })
    }
  })
}

function tag(name: string) {
  return { name, value: '' }
}
