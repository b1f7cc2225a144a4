import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import { createInstance, newInstance, runInstance, withSpec } from '../../harness/instances.ts'

describe('201', () => {
  test('answers at once with the Instance in Creating, and where it is found', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { status, body, headers } = await client.post('/instances', newInstance())
    assert.equal(status, 201)
    assert.match(body.instanceId, /^kf-[a-z0-9]{16}$/)
    assert.equal(body.state, 'Creating')
    assert.equal(body.currentOperation.kind, 'create-instance')
    assert.equal(headers.get('location'), `/api/v1/instances/${body.instanceId}`)
    assert.equal(app.simulated.population.count(), 0, 'nothing of the world has been touched yet')
  })

  test('ends with a Running Instance on nodes of its own', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await createInstance(client)
    await app.settle()
    const { body } = await client.get(`/instances/${id}`)
    assert.equal(body.state, 'Running')
    assert.equal(body.health, 'healthy')
    assert.equal(body.nodeCount, 3)
    assert.equal(body.currentOperation, null)
    assert.equal(app.simulated.population.count(), 3)
  })

  test('takes three zones and spreads the nodes over them', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const networks = ['a', 'b', 'c'].map((letter) => ({ zone: `sim-${letter}` }))
    const id = await createInstance(client, { spec: { reservedAku: 12, networks } })
    const { body } = await client.get(`/instances/${id}/nodes`)
    const zones = body.list.map((node: { zone: string }) => node.zone)
    assert.deepEqual(zones, ['sim-a', 'sim-b', 'sim-c', 'sim-a', 'sim-b', 'sim-c'])
  })

  test('writes who did it, from where, into the audit', async () => {
    await using app = await makeApp()
    const client = await app.signIn('operator')
    const id = await createInstance(client)
    const rows = await app.database.db
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'instance.create')
      .execute()
    assert.deepEqual(
      rows.map(({ actor, source, instance_id }) => ({ actor, source, instance_id })),
      [{ actor: 'operator', source: 'in-process', instance_id: id }],
    )
  })

  test('gives a deleted Instance’s name away at once', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const first = await runInstance(app, client)
    await client.delete(`/instances/${first}`)
    await app.settle()
    assert.notEqual(await createInstance(client), first)
  })
})

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'a-key-of-mine' }

  test('makes one Instance of many requests, also of those that come together', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const answers = await Promise.all([1, 2, 3, 4].map(() => client.post('/instances', newInstance(), key)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201, 201],
    )
    assert.equal(new Set(answers.map(({ body }) => body.instanceId)).size, 1)
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length, 3)
    assert.equal((await client.get('/instances')).body.total, 1)
  })

  test('answers a repeat with the Instance as it is now', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await client.post('/instances', newInstance(), key)
    await app.settle()
    const { status, body } = await client.post('/instances', newInstance(), key)
    assert.equal(status, 201)
    assert.equal(body.state, 'Running')
  })

  test('is refused with another body', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await client.post('/instances', newInstance(), key)
    const { status, body } = await client.post('/instances', newInstance({ name: 'payments' }), key)
    assert.equal(status, 409)
    assert.equal(body.error.code, 'Idempotency.KeyReused')
  })

  test('is each caller’s own', async () => {
    await using app = await makeApp()
    const [one, other] = [await app.signIn('administrator'), await app.signIn('operator')]
    await one.post('/instances', newInstance(), key)
    const { status, headers } = await other.post('/instances', newInstance({ name: 'payments' }), key)
    assert.equal(status, 201)
    assert.equal(headers.get('idempotency-replayed'), null)
  })

  test('is not used up by a request that was refused', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    assert.equal((await client.post('/instances', newInstance({ name: 'x' }), key)).status, 400)
    assert.equal((await client.post('/instances', newInstance(), key)).status, 201)
  })

  for (const bad of ['', 'with space', 'x'.repeat(201), 'ключ'.replace(/./gu, '\u00e9')]) {
    test(`is refused when it is ${JSON.stringify(bad.slice(0, 12))}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body } = await client.post('/instances', newInstance(), { 'idempotency-key': bad })
      assert.equal(status, 400)
      assert.equal(body.error.code, 'Idempotency.BadKey')
    })
  }
})

describe('409', () => {
  test('refuses a name that a living Instance has, and changes nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await createInstance(client)
    const { status, body } = await client.post('/instances', newInstance())
    assert.equal(status, 409)
    assert.equal(body.error.code, 'Instance.NameTaken')
    assert.match(body.error.message, /There is an Instance named "orders" already/)
    assert.equal((await client.get('/instances')).body.total, 1)
    assert.equal((await client.get('/operations')).body.total, 1)
  })

  test('lets one of two win who ask for a name together', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const answers = await Promise.all([1, 2, 3].map(() => client.post('/instances', newInstance())))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
  })
})

describe('422', () => {
  test('refuses what the memory of this machine cannot carry, with the figures', async () => {
    await using real = await makeApp()
    const environment = await real.simulated.provider.describeEnvironment()
    const perNode = environment.machineTypes[0]!.memoryMiB
    const memoryMiB = perNode * 4
    await using app = await makeApp({ describeEnvironment: async () => ({ ...environment, memoryMiB }) })
    const client = await app.signIn()
    await createInstance(client)
    const { status, body } = await client.post('/instances', newInstance({ name: 'payments' }))
    assert.equal(status, 422)
    assert.equal(body.error.code, 'Instance.NotEnoughMemory')
    assert.match(body.error.message, new RegExp(`take ${3 * perNode} MiB of memory, and ${perNode} MiB are free`))
    assert.equal(body.error.fields[0].path, 'spec.reservedAku')
  })

  test('refuses a subnet without enough free addresses, naming it', async () => {
    await using real = await makeApp()
    const environment = await real.simulated.provider.describeEnvironment()
    const subnets = environment.subnets.map((subnet) => ({ ...subnet, slots: { ...subnet.slots, count: 4 } }))
    await using app = await makeApp({ describeEnvironment: async () => ({ ...environment, subnets }) })
    const client = await app.signIn()
    await createInstance(client)
    const { status, body } = await client.post('/instances', newInstance({ name: 'payments' }))
    assert.equal(status, 422)
    assert.equal(body.error.code, 'Instance.NoFreeAddress')
    assert.match(body.error.message, /Subnet subnet-sim-a in zone sim-a/)
  })
})

describe('dryRun=true', () => {
  test('answers the plan and does nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { status, body } = await client.post('/instances?dryRun=true', withSpec({ reservedAku: 6 }))
    assert.equal(status, 200)
    const { steps, nodes, ...plan } = body
    assert.deepEqual(plan, {
      dryRun: true,
      action: 'create',
      nodeCount: 3,
      machineType: 'simulated.small',
      memoryMiB: plan.memoryMiB,
      throughput: { writeMibPerSecond: 180, readMibPerSecond: 360 },
      version: '4.2.1',
      expectedSeconds: null,
      warnings: ['All nodes lie in one zone: when it is lost, the Instance is.'],
    })
    assert.deepEqual(
      nodes.map((node: { address: string; zone: string }) => `${node.zone} ${node.address}`),
      ['sim-a 10.1.0.1', 'sim-a 10.1.0.2', 'sim-a 10.1.0.3'],
    )
    assert.deepEqual(
      steps.map((step: { name: string }) => step.name),
      ['fetch-distribution', 'ensure-nodes', 'await-nodes', 'verify'],
    )
    assert.equal((await client.get('/instances')).body.total, 0)
    assert.equal((await client.get('/operations')).body.total, 0)
  })

  test('expects as long as creates took here before', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await runInstance(app, client)
    const { body } = await client.post('/instances?dryRun=true', newInstance({ name: 'payments' }))
    assert.ok(body.expectedSeconds > 0 && body.expectedSeconds < 60, String(body.expectedSeconds))
  })

  test('warns of a version at the end of its life, and of a subnet that is nearly full', async () => {
    await using real = await makeApp()
    const environment = await real.simulated.provider.describeEnvironment()
    const subnets = environment.subnets.map((subnet) => ({ ...subnet, slots: { ...subnet.slots, count: 99 } }))
    await using app = await makeApp({ describeEnvironment: async () => ({ ...environment, subnets }) })
    const client = await app.signIn()
    const { body } = await client.post('/instances?dryRun=true', newInstance({ version: '3.9.2' }))
    assert.match(body.warnings.join('\n'), /subnet-sim-a has 99 free addresses/)
    assert.match(body.warnings.join('\n'), /3\.9\.2 is at the end of its life/)
  })

  test('refuses what the create itself would refuse', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { status, body } = await client.post('/instances?dryRun=true', withSpec({ reservedAku: 2 }))
    assert.equal(status, 400)
    assert.equal(body.error.fields[0].path, 'spec.reservedAku')
  })
})
