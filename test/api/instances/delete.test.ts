import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance, runInstance } from '../../harness/instances.ts'

describe('202', () => {
  test('answers at once in Deleting, and ends with nothing left but a tombstone', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { status, body } = await client.delete(`/instances/${id}`)
    assert.equal(status, 202)
    assert.equal(body.state, 'Deleting')
    assert.equal(body.currentOperation.kind, 'delete-instance')
    await app.settle()
    assert.equal((await client.get(`/instances/${id}`)).status, 404)
    assert.equal(app.simulated.population.count(), 0)
    assert.deepEqual(await app.database.db.selectFrom('nodes').selectAll().execute(), [])
    const [tombstone] = (await client.get('/instances?state=Deleted')).body.list
    assert.equal(tombstone.instanceId, id)
    assert.ok(tombstone.deletedAt)
  })

  for (const [state, begin] of [
    ['Creating', async () => {}],
    [
      'Changing',
      async (app: TestApp, client: Client, id: string) => {
        await app.settle()
        await client.post(`/instances/${id}:restart`, { operation: { pauseAfter: 'first' } })
      },
    ],
  ] as const) {
    test(`is taken from ${state}, and ends what is under way`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { instanceId: id } = (await client.post('/instances', newInstance())).body
      await begin(app, client, id)
      const under = (await client.get(`/instances/${id}`)).body
      assert.equal(under.state, state)
      const { status, body } = await client.delete(`/instances/${id}`)
      assert.deepEqual([status, body.state, body.currentOperation.kind], [202, 'Deleting', 'delete-instance'])
      const replaced = (await client.get(`/operations/${under.currentOperation.operationId}`)).body
      assert.equal(replaced.status, 'Cancelled')
      await app.settle()
      assert.equal((await client.get(`/instances/${id}`)).status, 404)
      assert.equal(app.simulated.population.count(), 0)
    })
  }

  test('is taken from Error, where the create has failed', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const instanceConfigs = [{ key: 'simulated.fault', value: 'refused' }]
    const { body } = await client.post('/instances', newInstance({ features: { instanceConfigs } }))
    await app.settle()
    const failed = (await client.get(`/instances/${body.instanceId}`)).body
    assert.equal(failed.state, 'Error')
    assert.ok(failed.stateReason)
    assert.equal((await client.delete(`/instances/${body.instanceId}`)).status, 202)
    await app.settle()
    assert.equal((await client.get(`/instances/${body.instanceId}`)).status, 404)
  })
})

describe('dryRun=true', () => {
  test('answers what would go, and does nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { status, body } = await client.delete(`/instances/${id}?dryRun=true`)
    assert.equal(status, 200)
    assert.equal(body.action, 'delete')
    assert.equal(body.nodes.length, 3)
    assert.deepEqual(
      body.steps.map((step: { name: string }) => step.name),
      ['release-nodes', 'verify-gone'],
    )
    assert.match(body.warnings[0], /cannot be undone/)
    assert.equal((await client.get(`/instances/${id}`)).body.state, 'Running')
  })

  test('is refused where the delete would be', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await client.delete(`/instances/${id}`)
    const { status } = await client.delete(`/instances/${id}?dryRun=true`)
    assert.equal(status, 409)
  })

  test('says what is given up for it', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const { instanceId } = (await client.post('/instances', newInstance())).body
    const { status, body } = await client.delete(`/instances/${instanceId}?dryRun=true`)
    assert.equal(status, 200)
    assert.match(body.warnings.join(' '), /Create Instance is under way, and is given up/)
  })
})

describe('409', () => {
  test('when it is being deleted already, and names the Operation in the way', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { currentOperation } = (await client.delete(`/instances/${id}`)).body
    const { status, body } = await client.delete(`/instances/${id}`)
    assert.equal(status, 409)
    assert.equal(body.error.operationId, currentOperation.operationId)
    assert.match(body.error.message, /being deleted/)
  })
})

test('404 for an Instance that is not there, or no more', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  const id = await runInstance(app, client)
  await client.delete(`/instances/${id}`)
  await app.settle()
  assert.equal((await client.delete(`/instances/${id}`)).status, 404)
  assert.equal((await client.delete('/instances/kf-0000000000000000')).status, 404)
})
