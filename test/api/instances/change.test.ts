import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import { runInstance } from '../../harness/instances.ts'

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

  test('is expected to take what restarts have taken here', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const expected = async () => (await client.patch(`/instances/${id}?dryRun=true`, { version: '4.3.1' })).body
    assert.equal((await expected()).expectedFrom, 'estimate')
    await client.post(`/instances/${id}:restart`, {})
    await app.settle()
    assert.equal((await expected()).expectedFrom, 'history')
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
