import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiRoot } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import type { InstanceId } from '../../src/domain/id.ts'
import { makeApp } from '../harness/app.ts'
import { createInstance, newInstance, runInstance } from '../harness/instances.ts'

/** What cannot be read without a question. */
const asked: Record<string, string> = { '/instances/{instanceId}/what-if': '?node=1' }

/** What is read is what the document says: no field is missing, none is there that it does not know. */
test('every answer is as documented, field by field', async (t) => {
  await using app = await makeApp()
  const client = await app.signIn()
  const everything = {
    description: 'The shop',
    tags: [{ name: 'team', value: 'shop' }],
    features: {
      walMode: 'EBSWAL',
      instanceConfigs: [{ key: 'log.retention.ms', value: '1' }],
      security: { authenticationMethods: ['anonymous'], tlsHostnameValidationEnabled: true },
      schemaRegistryEnabled: false,
      metricsExporter: {
        prometheus: {
          enabled: true,
          endPoint: 'https://prometheus.example.com/write',
          authType: 'basic',
          username: 'kafka',
          password: 'pw',
          labels: [{ name: 'team', value: 'shop' }],
        },
      },
    },
  }
  const instanceId = await runInstance(app, client, everything)
  const usage = { pricingMode: 'UsageBased', reservedNodeCount: 3, nodeConfig: { instanceTypes: ['simulated.small'] } }
  await createInstance(client, { name: 'payments', spec: { ...usage, networks: [{ zone: 'sim-a' }] } })
  await app.work()
  const [waiting] = (await client.get('/operations?state=Waiting')).body.list

  const topics = `/instances/${instanceId}/topics`
  const { topicId } = (await client.post(topics, { name: 'orders', partition: 3 })).body
  await client.post(`/instances/${instanceId}/users`, { name: 'svc-orders' })
  const holdings = app.simulated.holdingsOf(instanceId as InstanceId)
  const assignments = [{ topic: 'orders', partitions: [0] }]
  const reader = { memberId: 'one', instanceId: null, clientId: 'one', host: '10.0.0.7', assignments }
  holdings.groups.set('billing', { groupId: 'billing', members: [reader], committed: new Map([['orders 0', 1]]) })

  const [{ memberId }] = (await client.get('/members')).body.list
  const account = { name: 'terraform', role: 'operator', instanceIds: [instanceId], expiresAt: '2027-01-01T00:00:00Z' }
  const { serviceAccountId } = (await client.post('/service-accounts', account)).body.serviceAccount

  for (const route of routes.filter(({ method, mediaType }) => method === 'get' && !mediaType)) {
    await t.test(`GET ${route.path}`, async () => {
      const groupId = 'billing'
      const ids = {
        instanceId,
        operationId: waiting.operationId,
        version: '4.3.1',
        memberId,
        serviceAccountId,
        topicId,
        groupId,
      }
      const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: keyof typeof ids) => ids[name])
      const { status, body, text } = await client.send('GET', apiRoot + path + (asked[route.path] ?? ''))
      assert.equal(status, 200, text)
      assert.deepEqual(route.answers[200]!.parse(body), body)
    })
  }

  await t.test('the plans', async () => {
    const create = await client.post('/instances?dryRun=true', newInstance({ name: 'shipping' }))
    const planned = (method: string, path: string) =>
      routes.find((route) => route.method === method && route.path === path)!.answers[200]!
    assert.deepEqual(planned('post', '/instances').parse(create.body), create.body)
    const remove = await client.delete(`/instances/${instanceId}?dryRun=true`)
    assert.deepEqual(planned('delete', '/instances/{instanceId}').parse(remove.body), remove.body)
    const change = await client.patch(`/instances/${instanceId}?dryRun=true`, {
      version: '4.3.1',
      spec: { reservedAku: 10 },
      features: { instanceConfigs: [] },
    })
    assert.deepEqual(planned('patch', '/instances/{instanceId}').parse(change.body), change.body)
    assert.equal(change.body.kind, 'change-instance')
  })
})
