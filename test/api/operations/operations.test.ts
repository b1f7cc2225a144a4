import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { createInstance, newInstance, runInstance } from '../../harness/instances.ts'

/** An Operation that has begun and not done anything yet. */
async function beginCreate(client: Client, fault?: string): Promise<{ instanceId: string; operationId: string }> {
  const instanceConfigs = fault ? [{ key: 'simulated.fault', value: fault }] : []
  const { body } = await client.post('/instances', newInstance({ features: { instanceConfigs } }))
  return { instanceId: body.instanceId, operationId: body.currentOperation.operationId }
}

async function failCreate(app: TestApp, client: Client) {
  const begun = await beginCreate(client, 'refused')
  await app.settle()
  return begun
}

describe('GET /operations', () => {
  test('lists them newest first, without their steps', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const first = await createInstance(client)
    app.pass(1)
    const second = await createInstance(client, { name: 'payments' })
    const { body } = await client.get('/operations')
    assert.deepEqual(
      body.list.map((one: Record<string, unknown>) => [one['instanceId'], one['instanceName'], one['steps']]),
      [
        [second, 'payments', undefined],
        [first, 'orders', undefined],
      ],
    )
  })

  test('filters by Instance, kind and status', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await createInstance(client, { name: 'payments' })
    const total = async (query: string) => (await client.get(`/operations?${query}`)).body.total
    assert.equal(await total(`instanceId=${id}`), 1)
    assert.equal(await total('kind=create-instance'), 2)
    assert.equal(await total('kind=delete-instance'), 0)
    assert.equal(await total('state=Succeeded'), 1)
    assert.equal(await total('state=Succeeded,Running'), 2)
    assert.equal((await client.get('/operations?state=Sleeping')).status, 400)
  })
})

describe('GET /operations/{id}', () => {
  test('tells the story step by step', async () => {
    await using app = await makeApp()
    const client = await app.signIn('operator')
    const { operationId } = await beginCreate(client)
    await app.settle()
    const { body } = await client.get(`/operations/${operationId}`)
    assert.equal(body.status, 'Succeeded')
    assert.equal(body.actor, 'operator')
    assert.deepEqual(
      body.steps.map((step: { name: string; title: string }) => [step.name, step.title]),
      body.plannedSteps.map((step: { name: string; title: string }) => [step.name, step.title]),
    )
    for (const step of body.steps) {
      assert.ok(step.attempts > 0 && step.endedAt && ['next', 'done'].includes(step.outcome), JSON.stringify(step))
    }
    assert.ok(body.steps.some((step: { waitingReason: string | null }) => step.waitingReason))
  })

  test('says why it waits', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { operationId } = await beginCreate(client)
    await app.work()
    const { body } = await client.get(`/operations/${operationId}`)
    assert.equal(body.status, 'Waiting')
    assert.ok(body.waitingReason)
    assert.ok(Date.parse(body.nextRunAt) > app.now().getTime())
  })

  test('404 for one that is not there', async () => {
    await using app = await makeApp()
    const { status, body } = await (await app.signIn()).get('/operations/op-0000000000000000')
    assert.equal(status, 404)
    assert.equal(body.error.code, 'Operation.NotFound')
  })
})

describe('POST /operations/{id}:…', () => {
  test(':pause holds it where it is until :resume', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { instanceId, operationId } = await beginCreate(client)
    const paused = await client.post(`/operations/${operationId}:pause`)
    assert.equal(paused.status, 200)
    assert.equal(paused.body.status, 'Paused')
    await app.settle()
    assert.equal((await client.get(`/instances/${instanceId}`)).body.state, 'Creating')
    assert.equal((await client.post(`/operations/${operationId}:resume`)).status, 200)
    await app.settle()
    assert.equal((await client.get(`/instances/${instanceId}`)).body.state, 'Running')
  })

  test(':cancel of a create ends as deleted, with nothing left', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { instanceId, operationId } = await beginCreate(client)
    await app.work()
    const cancelling = await client.post(`/operations/${operationId}:cancel`)
    assert.equal(cancelling.body.status, 'Cancelling')
    await app.settle()
    assert.equal((await client.get(`/operations/${operationId}`)).body.status, 'Cancelled')
    assert.equal((await client.get(`/instances/${instanceId}`)).status, 404)
    assert.equal(app.simulated.population.count(), 0)
  })

  test(':retry takes a failed one up again', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { instanceId, operationId } = await failCreate(app, client)
    const failed = (await client.get(`/operations/${operationId}`)).body
    assert.equal(failed.status, 'Failed')
    assert.ok(failed.error.code && failed.error.message)
    assert.deepEqual(failed.actions.retry, { allowed: true })
    const { status, body } = await client.post(`/operations/${operationId}:retry`)
    assert.equal(status, 200)
    assert.equal(body.status, 'Running')
    assert.equal((await client.get(`/instances/${instanceId}`)).body.state, 'Creating')
  })

  test('writes who did it into the audit', async () => {
    await using app = await makeApp()
    const client = await app.signIn('operator')
    const { operationId } = await beginCreate(client)
    await client.post(`/operations/${operationId}:pause`)
    const rows = await app.database.db
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'operation.pause')
      .execute()
    assert.deepEqual(
      rows.map((row) => [row.actor, row.operation_id]),
      [['operator', operationId]],
    )
  })

  test('happens once for an Idempotency-Key', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { operationId } = await beginCreate(client)
    const key = { 'idempotency-key': 'pause-once' }
    await client.post(`/operations/${operationId}:pause`, undefined, key)
    const { status, headers } = await client.post(`/operations/${operationId}:pause`, undefined, key)
    assert.equal(status, 200)
    assert.equal(headers.get('idempotency-replayed'), 'true')
  })

  const refused: [action: string, words: RegExp][] = [
    ['pause', /has succeeded/],
    ['resume', /has succeeded/],
    ['cancel', /has succeeded/],
    ['retry', /has succeeded/],
  ]
  for (const [action, words] of refused) {
    test(`409 says why :${action} is not open`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { operationId } = await beginCreate(client)
      await app.settle()
      const { status, body } = await client.post(`/operations/${operationId}:${action}`)
      assert.equal(status, 409)
      assert.equal(body.error.code, 'Operation.NotAllowed')
      assert.match(body.error.message, words)
    })
  }

  test('409 for cancelling a delete', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { operationId } = (await client.delete(`/instances/${id}`)).body.currentOperation
    const { status, body } = await client.post(`/operations/${operationId}:cancel`)
    assert.equal(status, 409)
    assert.match(body.error.message, /delete cannot be cancelled/)
  })

  test('404 for one that is not there, and for a verb that is not there', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    assert.equal((await client.post('/operations/op-0000000000000000:pause')).status, 404)
    const { operationId } = await beginCreate(client)
    assert.equal((await client.post(`/operations/${operationId}:explode`)).status, 404)
  })
})
