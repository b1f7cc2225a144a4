import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeApp } from '../../harness/app.ts'
import { createInstance, runInstance } from '../../harness/instances.ts'

describe('200', () => {
  test('says what may be done now, and if not, why', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await createInstance(client)
    const { actions } = (await client.get(`/instances/${id}`)).body
    assert.equal(actions.change.allowed, false)
    assert.match(actions.change.why, /being created/)
    await app.settle()
    const running = (await client.get(`/instances/${id}`)).body
    assert.deepEqual(running.actions, { rename: yes, delete: yes, mend: yes, change: yes })
  })

  test('answers when it was made and last changed', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { gmtCreate, gmtModified, deletedAt } = (await client.get(`/instances/${id}`)).body
    assert.equal(gmtCreate, '2026-01-01T00:00:00.000Z')
    assert.ok(Date.parse(gmtModified) > Date.parse(gmtCreate))
    assert.equal(deletedAt, null)
  })

  test('shows settings that may be secrets to those who may set them, and to nobody else', async () => {
    await using app = await makeApp()
    const [operator, viewer] = [await app.signIn('operator'), await app.signIn('viewer')]
    const secret = { key: 'rsm.config.storage.secret', value: '${file:/etc/own:mill-stone}' }
    const plain = { key: 'log.retention.ms', value: '1000' }
    const id = await createInstance(operator, { features: { instanceConfigs: [secret, plain] } })
    const path = `/instances/${id}/configurations`
    assert.deepEqual((await operator.get(path)).body.list, [secret, plain])
    assert.deepEqual((await viewer.get(path)).body.list, [{ ...secret, value: '(hidden)' }, plain])
  })

  test('answers the endpoints, with the same addresses in every state', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await createInstance(client)
    const before = (await client.get(`/instances/${id}/endpoints`)).body
    await app.settle()
    assert.deepEqual((await client.get(`/instances/${id}/endpoints`)).body, before)
    const [{ displayName, networkType, protocol, mechanisms, bootstrapServers }] = before.list
    assert.deepEqual(
      { displayName, networkType, protocol, mechanisms, bootstrapServers },
      {
        displayName: 'Clients',
        networkType: 'VPC',
        protocol: 'PLAINTEXT',
        mechanisms: '',
        bootstrapServers: '10.1.0.1:9092,10.1.0.2:9092,10.1.0.3:9092',
      },
    )
  })

  test('answers the nodes, planned at first and then as they were seen', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await createInstance(client)
    const [planned] = (await client.get(`/instances/${id}/nodes`)).body.list
    assert.equal(planned.health, 'planned')
    assert.equal(planned.memoryBytes, null)
    await app.settle()
    const { list } = (await client.get(`/instances/${id}/nodes`)).body
    assert.deepEqual(
      list.map(({ kafkaId, health, roles, version }: Record<string, unknown>) => ({ kafkaId, health, roles, version })),
      [1, 2, 3].map((kafkaId) => ({
        kafkaId,
        health: 'running',
        roles: ['broker', 'controller'],
        version: '4.2.1',
      })),
    )
    assert.ok(list[0].memoryBytes > 0 && list[0].diskBytes > 0 && list[0].startedAt)
  })

  test('answers what happened to it, newest first, with who did it', async () => {
    await using app = await makeApp()
    const client = await app.signIn('operator')
    const id = await runInstance(app, client)
    app.pass(1)
    await client.patch(`/instances/${id}`, { description: 'Now with a remark' })
    const { list, total } = (await client.get(`/instances/${id}/events`)).body
    assert.equal(list[0].kind, 'instance.renamed')
    assert.equal(list[0].actor, 'operator')
    assert.equal(list.at(-1).kind, 'operation.started')
    assert.equal(list.at(-1).message, 'Create Instance: begun by operator')
    assert.equal(total, list.length)
    const second = (await client.get(`/instances/${id}/events?page=2&size=1`)).body
    assert.deepEqual(second.list, [list[1]])
  })
})

describe('404', () => {
  for (const tail of ['', '/endpoints', '/configurations', '/nodes', '/events']) {
    test(`names the Instance that is not there (${tail || 'itself'})`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body } = await client.get(`/instances/kf-0000000000000000${tail}`)
      assert.equal(status, 404)
      assert.equal(body.error.code, 'Instance.NotFound')
      assert.match(body.error.message, /kf-0000000000000000/)
    })
  }

  test('for a deleted one; only its story can be read still', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await client.delete(`/instances/${id}`)
    await app.settle()
    for (const tail of ['', '/endpoints', '/configurations', '/nodes']) {
      assert.equal((await client.get(`/instances/${id}${tail}`)).status, 404)
    }
    assert.equal((await client.get(`/instances/${id}/events`)).status, 200)
  })

  for (const id of ['%00', 'a%20b', '%F0%9F%9A%80', 'x'.repeat(101)]) {
    test(`for ${id.slice(0, 12)}, which is no id of anything`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      assert.equal((await client.get(`/instances/${id}`)).status, 404)
    })
  }
})

const yes = { allowed: true }
