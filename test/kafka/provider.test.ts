import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeProviderClient, type ProviderClient } from '../harness/provider-client.ts'
import { processArguments } from '../harness/process-arguments.ts'
import { startJavaClients, type JavaClients } from './java-clients.ts'
import { changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome } from './served-home.ts'

/**
 * What the public Terraform provider makes, made by its requests with the key pair of the settings, before anybody has opened a
 * page, and used with Kafka's own client.
 */
const pair = { accessKey: 'TERRAFORMKEY0001', secretKey: 'not-a-secret-of-anybody' }
const user = { name: 'svc-orders', password: 'Water-wheel-in-spring' }
const version = '4.3.1'
const instances = '/api/v1/instances'

describe('an Instance of Terraform', () => {
  let home: ServedHome
  let ask: ProviderClient
  let instance = ''
  let topic = ''
  let clients: JavaClients | undefined

  before(async () => {
    const { accessKey, secretKey } = pair
    home = await makeServedHome({ MILLRACE_INITIAL_ACCESS_KEY: accessKey, MILLRACE_INITIAL_SECRET_KEY: secretKey })
    const { address: url } = await home.start()
    ask = makeProviderClient({ url, pair, environmentId: 'env-local', now: () => new Date() })
  })
  after(async () => {
    await clients?.[Symbol.asyncDispose]()
    await home.cleanUp()
  })

  async function change(method: string, target: string, body?: unknown) {
    const answer = await ask({ method, target, ...(body !== undefined && { body: JSON.stringify(body) }) })
    assert.ok(answer.status < 300, `${method} ${target}: ${answer.status} ${answer.text}`)
    return answer.body
  }

  const becomes = (wanted: string) =>
    eventually(changeLimitMs, async () => {
      const { status, body } = await ask({ method: 'GET', target: instance })
      const seen = status === 404 ? 'gone' : body.state
      return seen === wanted || `${seen}: ${JSON.stringify(body.currentOperation ?? body.error)}`
    })

  const rule = {
    accessControlParam: { user: user.name, operationGroup: 'PRODUCE', permissionType: 'ALLOW' },
    resourcePatternParam: { resourceType: 'TOPIC', name: 'orders', patternType: 'LITERAL' },
  }

  /** Kafka's own client with the very configuration that Millrace shows. What it said; nothing: the record is in. */
  async function produce({ password = user.password, name = 'orders' } = {}): Promise<string> {
    const [{ configurations }] = (await change('GET', `${instance}/endpoints`)).list
    const properties = configurations.java.replace('YOUR_USER', user.name).replace('YOUR_PASSWORD', password)
    clients ??= await startJavaClients(join(home.home, 'kafka', version, 'libs'))
    return await clients.produce(properties, name)
  }

  test('is made by the key pair of the settings, and runs', async () => {
    const body = {
      name: 'shop',
      version,
      spec: {
        reservedAku: 3,
        pricingMode: 'SubscriptionBased',
        networks: [{ zone: 'local-a', subnet: 'subnet-local-a' }],
        deployType: 'IAAS',
      },
      features: {
        walMode: 'EBSWAL',
        security: {
          authenticationMethods: ['sasl'],
          transitEncryptionModes: ['plaintext'],
          dataEncryptionMode: 'NONE',
          tlsHostnameValidationEnabled: true,
        },
        instanceConfigs: [{ key: 'auto.create.topics.enable', value: 'false' }],
      },
    }
    const { instanceId, state } = await change('POST', instances, body)
    assert.equal(state, 'Creating')
    instance = `${instances}/${instanceId}`
    await becomes('Running')
  })

  test('takes a user, a topic and a rule, which hold when their answers come', async () => {
    await change('POST', `${instance}/users`, user)
    const configs = [{ key: 'retention.ms', value: '86400000' }]
    const made = await change('POST', `${instance}/topics`, { name: 'orders', partition: 3, configs })
    topic = `${instance}/topics/${made.topicId}`
    await change('POST', `${instance}/topics`, { name: 'others', partition: 1 })
    await change('POST', `${instance}/acls`, { params: [rule] })
    assert.equal(await produce(), '')
  })

  test('refuses a wrong password, and a topic that no rule opens', async () => {
    assert.match(await produce({ password: 'somebody-elses' }), /Authentication failed/)
    assert.match(await produce({ name: 'others' }), /Not authorized/)
  })

  test('shows no password in the arguments of a process', async () => {
    const all = await processArguments()
    for (const secret of [user.password, pair.secretKey]) assert.ok(!all.includes(secret))
  })

  test('is changed in place, and is the same to its clients afterwards', async () => {
    const instanceConfigs = [
      { key: 'auto.create.topics.enable', value: 'false' },
      { key: 'log.retention.ms', value: '172800000' },
    ]
    const before = (await change('GET', `${instance}/endpoints`)).list
    await change('PATCH', instance, { description: 'Orders and returns', features: { instanceConfigs } })
    await becomes('Running')
    assert.deepEqual((await change('GET', `${instance}/endpoints`)).list, before)
    assert.deepEqual((await change('GET', `${instance}/configurations`)).list, instanceConfigs)
    await change('PATCH', `${topic}/partition-counts`, { partition: 6 })
    assert.equal((await change('GET', topic)).partition, 6)
    assert.equal(await produce(), '')
  })

  test('loses what is taken away, and is gone in the end', async () => {
    await change('POST', `${instance}/acls/batch:delete`, { params: [rule] })
    assert.match(await produce(), /Not authorized/)
    for (const target of [`${instance}/users/${user.name}`, topic]) await change('DELETE', target)
    assert.equal((await ask({ method: 'GET', target: topic })).status, 404)
    await change('DELETE', instance)
    await becomes('gone')
    assert.deepEqual(await home.nodeProcesses(), [])
  })
})
