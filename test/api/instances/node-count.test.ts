import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance, runInstance } from '../../harness/instances.ts'

/** An Instance that counts nodes has exactly so many, even over its zones, from the create through every change. */
const usage = (reservedNodeCount: number, zones: string) => ({
  spec: {
    reservedAku: 0,
    pricingMode: 'UsageBased',
    reservedNodeCount,
    nodeConfig: { instanceTypes: ['simulated.small'] },
    networks: [...zones].map((letter) => ({ zone: `sim-${letter}` })),
  },
})

async function zonesOf(client: Client, id: string): Promise<string[]> {
  const { list } = (await client.get(`/instances/${id}/nodes`)).body
  return list.map(({ zone }: { zone: string }) => zone.slice(-1)).toSorted()
}

type Seat = { app: TestApp; client: Client; id: string }

async function resize({ app, client, id }: Seat, reservedNodeCount: number) {
  const { status, body, text } = await client.patch(`/instances/${id}`, { spec: { reservedNodeCount } })
  assert.equal(status, 200, text)
  assert.deepEqual([body.state, body.currentOperation.kind], ['Changing', 'resize-instance'])
  await app.settle()
  return (await client.get(`/instances/${id}`)).body
}

describe('an Instance that counts nodes', () => {
  test('has so many, and no throughput that nobody reserved', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, usage(5, 'abc'))
    const { body } = await client.get(`/instances/${id}`)
    assert.equal(body.nodeCount, 5)
    assert.ok(!('throughput' in body) && !('reservedAku' in body.spec))
    assert.deepEqual(await zonesOf(client, id), ['a', 'a', 'b', 'b', 'c'])
  })

  test('grows and shrinks by the number, even over the zones', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, usage(4, 'abc'))
    const grown = await resize({ app, client, id }, 8)
    assert.deepEqual([grown.state, grown.nodeCount, grown.spec.reservedNodeCount], ['Running', 8, 8])
    assert.deepEqual(await zonesOf(client, id), ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c'])
    const shrunk = await resize({ app, client, id }, 3)
    assert.deepEqual([shrunk.state, shrunk.nodeCount, shrunk.spec.reservedNodeCount], ['Running', 3, 3])
    assert.deepEqual(await zonesOf(client, id), ['a', 'b', 'c'])
  })

  test('goes back to what it was when a change is cancelled', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, usage(4, 'a'))
    const { body } = await client.patch(`/instances/${id}`, { spec: { reservedNodeCount: 6 } })
    await client.post(`/operations/${body.currentOperation.operationId}:cancel`)
    await app.settle()
    const after = (await client.get(`/instances/${id}`)).body
    assert.deepEqual([after.state, after.nodeCount, after.spec.reservedNodeCount], ['Running', 4, 4])
  })

  test('shows its plan in nodes, and names the number that does not fit', async () => {
    await using real = await makeApp()
    const environment = await real.simulated.provider.describeEnvironment()
    const { memoryMiB } = environment.machineTypes[0]!
    await using app = await makeApp({ describeEnvironment: async () => ({ ...environment, memoryMiB: memoryMiB * 6 }) })
    const client = await app.signIn()
    const { body: plan } = await client.post('/instances?dryRun=true', newInstance(usage(5, 'a')))
    const carries = { writeMibPerSecond: 5 * 2 * 30, readMibPerSecond: 5 * 2 * 60 }
    assert.deepEqual([plan.nodeCount, plan.memoryMiB, plan.throughput], [5, memoryMiB * 5, carries])

    const id = await runInstance(app, client, usage(5, 'a'))
    const change = (await client.patch(`/instances/${id}?dryRun=true`, { spec: { reservedNodeCount: 6 } })).body
    assert.deepEqual(change.changes, [{ what: 'Nodes', from: '5', to: '6' }])
    assert.equal(change.adds.length, 1)
    const { status, body } = await client.patch(`/instances/${id}`, { spec: { reservedNodeCount: 7 } })
    assert.deepEqual([status, body.error.fields[0].path], [422, 'spec.reservedNodeCount'])
  })

  test('lies at 0 AKU in a list by AKU', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await runInstance(app, client)
    await runInstance(app, client, { ...usage(3, 'a'), name: 'payments' })
    const { list } = (await client.get('/instances?sort=aku')).body
    assert.deepEqual(
      list.map(({ name }: { name: string }) => name),
      ['payments', 'orders'],
    )
  })
})
