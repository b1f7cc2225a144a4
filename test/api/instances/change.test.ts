import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import type { InstanceId } from '../../../src/domain/id.ts'
import { newInstance, runInstance, runOtherwise } from '../../harness/instances.ts'

describe('a change', () => {
  test('is visible before the answer leaves, runs, and is named by what it changes', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { status, body } = await client.patch(`/instances/${id}`, {
      name: 'payments',
      version: '4.3.1',
      tags: [{ name: 'team', value: 'shop' }],
      operation: { soakSeconds: 0 },
    })
    assert.equal(status, 200)
    assert.deepEqual([body.state, body.name, body.targetVersion], ['Changing', 'payments', '4.3.1'])
    assert.equal(body.currentOperation.kind, 'upgrade-instance')
    await app.settle()
    const after = (await client.get(`/instances/${id}`)).body
    assert.deepEqual([after.state, after.version, after.tags], ['Running', '4.3.1', [{ name: 'team', value: 'shop' }]])
    const operation = (await client.get(`/operations/${body.currentOperation.operationId}`)).body
    assert.equal(operation.status, 'Succeeded')
    assert.equal(operation.change.passages.length, 3)
    assert.ok(operation.change.isFinal)
  })

  test('of an Instance that cannot serve is a restart or other settings, and nothing else: in the words of its actions', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await app.database.db
      .updateTable('instances')
      .set({ state: 'Error', down_since: app.now() })
      .where('id', '=', id as InstanceId)
      .execute()
    const { actions } = (await client.get(`/instances/${id}`)).body
    assert.deepEqual([actions.mend.allowed, actions.change.allowed], [true, false])
    for (const path of [`/instances/${id}`, `/instances/${id}?dryRun=true`]) {
      const refused = await client.patch(path, { version: '4.3.1' })
      assert.equal(refused.status, 409)
      assert.ok(refused.body.error.message.startsWith(actions.change.why), refused.body.error.message)
    }
    const { status, body } = await client.post(`/instances/${id}:restart`, {})
    assert.deepEqual([status, body.state], [200, 'Changing'])
    await app.settle()
    const instanceConfigs = [{ key: 'num.network.threads', value: '3' }]
    await app.database.db
      .updateTable('instances')
      .set({ state: 'Error' })
      .where('id', '=', id as InstanceId)
      .execute()
    assert.equal((await client.patch(`/instances/${id}`, { features: { instanceConfigs } })).status, 200)
  })

  test('of what is so already changes nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { status, body } = await client.patch(`/instances/${id}`, { version: '4.2.1', spec: { reservedAku: 3 } })
    assert.deepEqual([status, body.state], [200, 'Running'])
    assert.equal((await client.get(`/operations?instanceId=${id}`)).body.total, 1)
  })

  test('shows its plan and does none of it', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { body } = await client.patch(`/instances/${id}?dryRun=true`, { version: '4.3.1', spec: { reservedAku: 10 } })
    assert.equal(body.kind, 'change-instance')
    assert.deepEqual(
      body.restarts.map(({ kafkaId }: { kafkaId: number }) => kafkaId),
      [1, 2, 3],
    )
    assert.equal(body.adds.length, 2)
    assert.ok(body.moves.partitions > 0)
    assert.ok(body.finalizes)
    assert.equal((await client.get(`/instances/${id}`)).body.state, 'Running')
  })

  test('of anything but the size adds and takes away no node, though by now a node counts for less', async () => {
    let akuPerNode: number | null = null
    await using app = await makeApp({
      async describeEnvironment() {
        const environment = await app.simulated.provider.describeEnvironment()
        const machineTypes = environment.machineTypes.map((one) => ({
          ...one,
          akuPerNode: akuPerNode ?? one.akuPerNode,
        }))
        return { ...environment, machineTypes }
      },
    })
    const client = await app.signIn()
    const id = await runInstance(app, client, { spec: { ...newInstance().spec, reservedAku: 6 } })
    akuPerNode = 1
    const plan = async (body: object) => (await client.patch(`/instances/${id}?dryRun=true`, body)).body
    assert.deepEqual((await plan({ version: '4.3.1' })).adds, [])
    assert.equal((await plan({ spec: { reservedAku: 8 } })).adds.length, 5)
  })

  test('restarts the nodes that its plan names, and puts no drift right in passing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    runOtherwise(app, id, { kafkaId: 2, configs: { 'num.io.threads': '3' } })
    const restarts = async (body: object) => {
      const plan = (await client.patch(`/instances/${id}?dryRun=true`, body)).body
      const { currentOperation } = (await client.patch(`/instances/${id}`, body)).body
      await app.settle()
      const { change } = (await client.get(`/operations/${currentOperation.operationId}`)).body
      const restarted = change.passages.map(({ kafkaId }: { kafkaId: number }) => kafkaId).toSorted()
      return [plan.restarts.map(({ kafkaId }: { kafkaId: number }) => kafkaId), restarted]
    }
    assert.deepEqual(await restarts({ spec: { reservedAku: 4 } }), [[], []])
    const ofAll = { features: { instanceConfigs: [{ key: 'num.network.threads', value: '3' }] } }
    assert.deepEqual(await restarts(ofAll), [
      [1, 2, 3],
      [1, 2, 3],
    ])
    assert.equal((await client.get(`/instances/${id}/drift`)).body.total, 0, 'it starts with what it should')
  })

  test('is expected to take what its parts have taken here', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const expected = async () => (await client.patch(`/instances/${id}?dryRun=true`, { version: '4.3.1' })).body
    assert.equal((await expected()).expectedFrom, 'estimate')
    await client.post(`/instances/${id}:restart`, {})
    await app.settle()
    assert.equal((await expected()).expectedFrom, 'history')

    const growth = async () => (await client.patch(`/instances/${id}?dryRun=true`, { spec: { reservedAku: 8 } })).body
    assert.equal((await growth()).expectedFrom, 'estimate', 'no node has joined yet, and nothing was moved')
    for (const reservedAku of [8, 3]) {
      await client.patch(`/instances/${id}`, { spec: { reservedAku } })
      await app.settle()
    }
    assert.equal((await growth()).expectedFrom, 'history')
  })

  test('adds nodes and takes them away, and their addresses are free again', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const used = async () => {
      const { zones } = (await client.get('/environment')).body
      return zones.flatMap((zone: { subnets: { used: number }[] }) => zone.subnets.map((subnet) => subnet.used))
    }
    const before = await used()
    const endpoints = (await client.get(`/instances/${id}/endpoints`)).body
    await client.patch(`/instances/${id}`, { spec: { reservedAku: 10 } })
    await app.settle()
    assert.equal((await client.get(`/instances/${id}`)).body.nodeCount, 5)
    assert.deepEqual((await client.get(`/instances/${id}/endpoints`)).body, endpoints, 'clients keep their address')
    await client.patch(`/instances/${id}`, { spec: { reservedAku: 3 } })
    await app.settle()
    assert.equal((await client.get(`/instances/${id}/nodes`)).body.total, 3)
    assert.deepEqual(await used(), before)
  })

  test('is refused while another runs, and names it', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { currentOperation } = (await client.post(`/instances/${id}:restart`, {})).body
    const { status, body } = await client.patch(`/instances/${id}`, { version: '4.3.1' })
    assert.equal(status, 409)
    assert.equal(body.error.operationId, currentOperation.operationId)
  })
})

describe('an upgrade that waits for a person', () => {
  test('is made final by hand, and only then', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const options = { finalize: 'manual', soakSeconds: 0 }
    const { body } = await client.patch(`/instances/${id}`, { version: '4.3.1', operation: options })
    const path = `/operations/${body.currentOperation.operationId}`
    const early = await client.post(`${path}:finalize`)
    assert.equal(early.status, 409)
    assert.match(early.body.error.message, /Only an upgrade whose nodes all run the new version/)
    await app.settle()
    const waiting = (await client.get(path)).body
    assert.equal(waiting.status, 'Paused')
    assert.ok(waiting.change.canFinalize.allowed)
    assert.ok(waiting.actions.cancel.allowed)
    const resumed = await client.post(`${path}:resume`)
    assert.equal(resumed.status, 409)
    assert.equal(resumed.body.error.message, waiting.actions.resume.why)
    assert.match(resumed.body.error.message, /make it final \(:finalize\), or roll back \(:cancel\)/)
    assert.equal((await client.post(`${path}:finalize`)).status, 200)
    await app.settle()
    assert.equal((await client.get(path)).body.status, 'Succeeded')
  })

  test('is rolled back instead', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const options = { finalize: 'manual', soakSeconds: 0 }
    const { body } = await client.patch(`/instances/${id}`, { version: '4.3.1', operation: options })
    await app.settle()
    await client.post(`/operations/${body.currentOperation.operationId}:cancel`)
    await app.settle()
    const after = (await client.get(`/instances/${id}`)).body
    assert.deepEqual([after.state, after.version, after.targetVersion], ['Running', '4.2.1', '4.2.1'])
  })
})

describe('where one may go, and what a loss would mean', () => {
  test('lists every target with its reason', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { list } = (await client.get(`/instances/${id}/upgrade-targets`)).body
    const allowed = list.filter((target: { allowed: boolean }) => target.allowed)
    assert.deepEqual(
      allowed.map(({ version }: { version: string }) => version),
      ['4.3.1'],
    )
  })

  test('counts a node that has joined and carries data, long before it is there to stay', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const operation = { finalize: 'manual', soakSeconds: 0 }
    await client.patch(`/instances/${id}`, { version: '4.3.1', spec: { reservedAku: 8 }, operation })
    await app.settle()
    const { list } = (await client.get(`/instances/${id}/nodes`)).body
    assert.equal(list.length, 4)
    const { status, body } = await client.get(`/instances/${id}/what-if?node=4`)
    assert.deepEqual([status, body.verdict], [200, 'serves'])
    assert.deepEqual([typeof body.tightest.topic, body.tightest.spare], ['string', 0])
  })

  test('tells of a node, of a zone, and refuses what is not there', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    assert.equal((await client.get(`/instances/${id}/what-if?node=1`)).body.verdict, 'serves')
    // All three nodes lie in the one zone.
    assert.equal((await client.get(`/instances/${id}/what-if?zone=sim-a`)).body.verdict, 'unavailable')
    assert.equal((await client.get(`/instances/${id}/what-if?node=9`)).status, 400)
    assert.equal((await client.get(`/instances/${id}/what-if`)).status, 400)
  })
})
