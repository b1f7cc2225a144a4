import assert from 'node:assert/strict'
import { test } from 'node:test'
import catalogue from '../../../kafka-versions.json' with { type: 'json' }
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp } from '../../harness/app.ts'
import { createInstance } from '../../harness/instances.ts'
import { addServiceAccount } from '../../harness/signed-client.ts'

test('the environment tells its zones with used and free addresses, machine types and limits', async () => {
  await using app = await makeApp()
  const client = await app.signIn('viewer')
  await createInstance(await app.signIn())
  const { status, body } = await client.get('/environment')
  assert.equal(status, 200)
  const { zones, machineTypes, limits, ...rest } = body
  assert.deepEqual(rest, { environmentId: 'env-test', provider: 'simulated', millraceVersion: '0.1.0' })
  assert.deepEqual(zones[0], {
    id: 'sim-a',
    subnets: [{ id: 'subnet-sim-a', range: '10.1.0.0/16', used: 3, free: 65_531, capacity: 65_534 }],
  })
  assert.equal(zones.length, 3)
  assert.deepEqual(Object.keys(machineTypes[0]).toSorted(), ['akuPerNode', 'description', 'id', 'memoryMiB'])
  assert.equal(limits.leastAku, 3)
  assert.equal(limits.mostAku, 500)
  assert.equal(limits.mostNodesNow, null)
  assert.equal(limits.memoryUsedMiB, 3 * machineTypes[0].memoryMiB)
})

test('where memory is limited, the environment tells how many nodes still fit', async () => {
  await using real = await makeApp()
  const environment = await real.simulated.provider.describeEnvironment()
  const { memoryMiB } = environment.machineTypes[0]!
  const describeEnvironment = async () => ({ ...environment, memoryMiB: memoryMiB * 8 + 1 })
  await using app = await makeApp({ describeEnvironment })
  const client = await app.signIn()
  await createInstance(client)
  assert.equal((await client.get('/environment')).body.limits.mostNodesNow, 5)
})

test('to who is kept to one Instance, the others are no part of the environment, and what they take is not free', async () => {
  await using real = await makeApp()
  const environment = await real.simulated.provider.describeEnvironment()
  const { memoryMiB } = environment.machineTypes[0]!
  await using app = await makeApp({
    describeEnvironment: async () => ({ ...environment, memoryMiB: memoryMiB * 8, takenElsewhere: ['10.1.0.7:9092'] }),
  })
  const member = await app.signIn()
  const own = (await createInstance(member)) as InstanceId
  const { client } = await addServiceAccount(app, { role: 'operator', instanceIds: [own] })
  const seen = async () => (await client.get('/environment')).body
  const alone = await seen()
  assert.deepEqual(alone.limits, { ...alone.limits, mostNodesNow: 5, memoryMiB: 8 * memoryMiB })
  await createInstance(member, { name: 'others' })

  const { zones, limits } = await seen()
  const { used, free, capacity } = zones[0].subnets[0]
  assert.deepEqual([used, free, capacity], [3, 65_527, 65_530])
  assert.equal(limits.mostNodesNow, 2)
  assert.deepEqual([limits.memoryUsedMiB, limits.memoryMiB], [3 * memoryMiB, 5 * memoryMiB])
})

test('addresses that others hold are not free', async () => {
  await using real = await makeApp()
  const environment = await real.simulated.provider.describeEnvironment()
  const takenElsewhere = ['10.1.0.7:9092', '10.2.0.7:9092']
  await using app = await makeApp({ describeEnvironment: async () => ({ ...environment, takenElsewhere }) })
  const client = await app.signIn()
  const { zones } = (await client.get('/environment')).body
  assert.deepEqual(
    zones.map((zone: { subnets: { used: number }[] }) => zone.subnets[0]!.used),
    [1, 1, 0],
  )
})

test('the versions are those of the catalogue, in its order, one of them recommended', async () => {
  await using app = await makeApp()
  const { body } = await (await app.signIn('viewer')).get('/versions')
  assert.deepEqual(
    body.list,
    catalogue.versions.map(({ version, recommended, endOfLife, upgradableTo }) => {
      return { version, recommended, endOfLife, upgradableTo }
    }),
  )
  assert.equal(body.total, body.list.length)
})
