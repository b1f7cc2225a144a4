import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import { createInstance, newInstance, runInstance } from '../../harness/instances.ts'

/** A client that compares what it reads with what it wrote must find no difference: no default added, nothing reordered. */
const full = {
  ...newInstance(),
  description: '',
  spec: {
    reservedAku: 6,
    pricingMode: 'SubscriptionBased',
    deployType: 'IAAS',
    networks: [{ zone: 'sim-c', subnet: 'subnet-sim-c' }, { zone: 'sim-a' }, { zone: 'sim-b', subnet: 'subnet-sim-b' }],
    nodeConfig: { instanceTypes: ['simulated.small'] },
  },
  features: {
    walMode: 'EBSWAL',
    security: {
      authenticationMethods: ['anonymous'],
      transitEncryptionModes: ['plaintext'],
      dataEncryptionMode: 'NONE',
      tlsHostnameValidationEnabled: true,
    },
    schemaRegistryEnabled: false,
  },
  tags: [
    { name: 'team', value: 'platform' },
    { name: 'cost', value: '' },
  ],
}

describe('what was sent', () => {
  test('comes back letter by letter, from the create, from GET, from the list and when it runs', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const created = await client.post('/instances', full)
    const id = created.body.instanceId
    const before = [
      created.body,
      (await client.get(`/instances/${id}`)).body,
      (await client.get('/instances')).body.list[0],
    ]
    await app.settle()
    for (const body of [...before, (await client.get(`/instances/${id}`)).body]) {
      const { name, description, version, features, tags } = body
      const { dataBuckets, ...spec } = body.spec
      assert.deepEqual({ name, description, version, spec, features, tags }, full)
      assert.deepEqual(dataBuckets, [], 'clients need it, and nobody sets it here')
    }
  })

  test('comes back as settings in the order they were given', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const instanceConfigs = [
      { key: 'log.retention.ms', value: '3600000' },
      { key: 'auto.create.topics.enable', value: 'true' },
    ]
    const id = await createInstance(client, { features: { instanceConfigs } })
    assert.deepEqual((await client.get(`/instances/${id}/configurations`)).body.list, instanceConfigs)
    assert.deepEqual((await client.get(`/instances/${id}`)).body.features, {})
  })
})

describe('what was not sent', () => {
  test('is absent, not empty and not null', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: undefined })
    const { body } = await client.get(`/instances/${id}`)
    assert.ok(!('description' in body))
    assert.ok(!('tags' in body))
    assert.deepEqual(body.features, {})
    assert.deepEqual(body.spec, { ...newInstance().spec, dataBuckets: [] })
  })

  test('is told from what was sent empty', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await createInstance(client, { description: '' })
    assert.equal((await client.get(`/instances/${id}`)).body.description, '')
  })
})

describe('fields that ask for nothing', () => {
  const harmless: Record<string, unknown> = {
    reservedNodeCount: 0,
    kubernetesClusterId: '',
    kubernetesNodeGroups: [],
    dnsZone: '',
    securityGroups: [],
    dataBuckets: [],
    scheduleSpec: null,
  }
  for (const [field, value] of Object.entries(harmless)) {
    test(`such as ${field} = ${JSON.stringify(value)} are let through and not echoed`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const id = await createInstance(client, { spec: { ...newInstance().spec, [field]: value } })
      const { body } = await client.get(`/instances/${id}`)
      assert.deepEqual(body.spec, { ...newInstance().spec, dataBuckets: [] })
    })
  }
})
