import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance, runOtherwise, setByHand } from '../../harness/instances.ts'

type Item = { id: string; is: string | null; shouldBe: string | null; adopt: Answer; revert: Answer }
type Answer = { allowed: boolean; why: string | null }

async function driftOf(client: Client, id: string): Promise<Item[]> {
  const { status, body, text } = await client.get(`/instances/${id}/drift`)
  assert.equal(status, 200, text)
  assert.equal(body.unknown, null)
  return body.list
}

type Settled = { path: string; items?: string[] }

async function settle(app: TestApp, client: Client, { path, items }: Settled) {
  const { status, body: answer, text } = await client.post(path, items ? { items } : {})
  assert.equal(status, 200, text)
  assert.equal(answer.state, 'Changing')
  await app.settle()
  const { operationId } = answer.currentOperation
  const operation = (await client.get(`/operations/${operationId}`)).body
  assert.equal(operation.status, 'Succeeded', JSON.stringify(operation.error))
  return operation
}

const configsOf = async (client: Client, id: string) =>
  (await client.get(`/instances/${id}/configurations`)).body.list as { key: string; value: string }[]

describe('an Instance that is as it should be', () => {
  test('has no drift, also with settings of its own, and nothing to settle', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const instanceConfigs = [
      { key: 'log.cleaner.threads', value: '2' },
      { key: 'num.partitions', value: '6' },
    ]
    const id = await runInstance(app, client, { features: { instanceConfigs } })
    assert.deepEqual(await driftOf(client, id), [])
    const plan = (await client.post(`/instances/${id}:revert?dryRun=true`, {})).body
    assert.deepEqual([plan.kind, plan.changes], [null, []])
    assert.equal((await client.post(`/instances/${id}:adopt`, {})).body.state, 'Running')
  })
})

describe('a setting of the cluster that was made by hand', () => {
  test('is adopted: it becomes the Instance’s, and no node restarts', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await setByHand(app, id, { set: { 'message.max.bytes': '3000' } })
    const [item, ...more] = await driftOf(client, id)
    assert.deepEqual(more, [])
    assert.deepEqual([item!.id, item!.is, item!.shouldBe], ['cluster-setting:message.max.bytes', '3000', null])
    const plan = (await client.post(`/instances/${id}:adopt?dryRun=true`, {})).body
    assert.deepEqual([plan.kind, plan.restarts], ['adopt-drift', []])
    assert.deepEqual(plan.changes, [{ what: 'message.max.bytes', from: 'default', to: '3000' }])
    const operation = await settle(app, client, { path: `/instances/${id}:adopt` })
    assert.equal(operation.kind, 'adopt-drift')
    assert.deepEqual(await configsOf(client, id), [{ key: 'message.max.bytes', value: '3000' }])
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('is reverted: Kafka has what the Instance says', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const instanceConfigs = [{ key: 'log.retention.ms', value: '1000' }]
    const id = await runInstance(app, client, { features: { instanceConfigs } })
    await setByHand(app, id, { set: { 'log.retention.ms': '5', 'message.max.bytes': '3000' } })
    const plan = (await client.post(`/instances/${id}:revert?dryRun=true`, {})).body
    assert.deepEqual(plan.changes, [
      { what: 'log.retention.ms', from: '5', to: '1000' },
      { what: 'message.max.bytes', from: '3000', to: 'none' },
    ])
    assert.deepEqual(plan.restarts, [])
    await settle(app, client, { path: `/instances/${id}:revert` })
    assert.deepEqual(await configsOf(client, id), instanceConfigs)
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('says why it cannot be adopted where an Instance has it in its nodes’ files', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await setByHand(app, id, { set: { 'log.cleaner.threads': '3' } })
    const [item] = await driftOf(client, id)
    assert.match(item!.adopt.why!, /in the files of its nodes/)
    await settle(app, client, { path: `/instances/${id}:revert` })
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('of one broker can be reverted, and says why it cannot be adopted', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await setByHand(app, id, { kafkaId: 2, set: { 'log.cleaner.threads': '3' } })
    const [item] = await driftOf(client, id)
    assert.equal(item!.id, 'broker-setting:2:log.cleaner.threads')
    assert.match(item!.adopt.why!, /holds for node 2 alone/)
    await settle(app, client, { path: `/instances/${id}:revert`, items: [item!.id] })
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('shows no secret', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await setByHand(app, id, { set: { 'ssl.keystore.password': 'sesame' } })
    const { text, body } = await client.get(`/instances/${id}/drift`)
    assert.ok(!text.includes('sesame'))
    assert.deepEqual([body.list[0].isSecret, body.list[0].is], [true, null])
    assert.ok(!(await client.post(`/instances/${id}:revert?dryRun=true`, {})).text.includes('sesame'))
  })
})

describe('a node that runs otherwise', () => {
  test('is restarted by a revert, and no other is', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    runOtherwise(app, id, { kafkaId: 2, configs: { 'num.io.threads': '3' } })
    assert.deepEqual(
      (await driftOf(client, id)).map((item) => item.id),
      ['node-settings:2:num.io.threads'],
    )
    const plan = (await client.post(`/instances/${id}:revert?dryRun=true`, {})).body
    assert.deepEqual(plan.restarts, [{ kafkaId: 2, reasons: ['settings num.io.threads'] }])
    const operation = await settle(app, client, { path: `/instances/${id}:revert` })
    assert.deepEqual(
      operation.change.passages.map(({ kafkaId }: { kafkaId: number }) => kafkaId),
      [2],
    )
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('is followed by the others when it is adopted', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    runOtherwise(app, id, { kafkaId: 2, configs: { 'num.io.threads': '3' } })
    const plan = (await client.post(`/instances/${id}:adopt?dryRun=true`, {})).body
    assert.deepEqual(
      plan.restarts.map(({ kafkaId }: { kafkaId: number }) => kafkaId),
      [1, 3],
    )
    const operation = await settle(app, client, { path: `/instances/${id}:adopt` })
    assert.deepEqual(operation.change.passages.map(({ kafkaId }: { kafkaId: number }) => kafkaId).toSorted(), [1, 3])
    assert.deepEqual(await configsOf(client, id), [{ key: 'num.io.threads', value: '3' }])
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('at odds with another cannot be adopted with it', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    runOtherwise(app, id, { kafkaId: 1, configs: { 'num.io.threads': '3' } })
    runOtherwise(app, id, { kafkaId: 2, configs: { 'num.io.threads': '4' } })
    const { status, body } = await client.post(`/instances/${id}:adopt`, {})
    assert.deepEqual([status, body.error.code], [400, 'Drift.AtOdds'])
    assert.match(body.error.message, /num\.io\.threads \(3, 4\)/)
    await settle(app, client, { path: `/instances/${id}:adopt`, items: ['node-settings:1:num.io.threads'] })
    assert.deepEqual(await configsOf(client, id), [{ key: 'num.io.threads', value: '3' }])
    assert.deepEqual(await driftOf(client, id), [])
  })
})

describe('a broker that nobody made', () => {
  test('is taken away when it is dead, and refused while it lives elsewhere', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    app.simulated.joinStranger(id as InstanceId, 9)
    const [alive] = await driftOf(client, id)
    assert.equal(alive!.id, 'foreign-broker:9')
    assert.match(alive!.revert.why!, /Stop it there first/)
    const refused = await client.post(`/instances/${id}:revert`, { items: ['foreign-broker:9'] })
    assert.deepEqual([refused.status, refused.body.error.code], [400, 'Drift.Refused'])
    app.simulated.joinStranger(id as InstanceId, 9, { isAlive: false })
    await settle(app, client, { path: `/instances/${id}:revert` })
    assert.deepEqual(await driftOf(client, id), [])
  })

  test('is ended first where it is a process of this Instance', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const [first] = app.simulated.population.of(id as InstanceId)
    app.simulated.adopt([{ ...first!.spec, kafkaId: 9, address: '10.9.9.9', roles: ['broker'] }])
    app.simulated.joinStranger(id as InstanceId, 9)
    assert.deepEqual(
      (await driftOf(client, id)).map((item) => item.id),
      ['unknown-process:9'],
    )
    await settle(app, client, { path: `/instances/${id}:revert` })
    assert.equal(app.simulated.population.of(id as InstanceId).length, 3)
    assert.deepEqual(await driftOf(client, id), [])
  })
})

describe('what is asked wrongly', () => {
  test('is refused in words: no such item, an empty choice, an Instance that is changing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const unknown = await client.post(`/instances/${id}:revert`, { items: ['node-settings:7:x'] })
    assert.deepEqual([unknown.status, unknown.body.error.code], [400, 'Drift.NotThere'])
    assert.equal((await client.post(`/instances/${id}:revert`, { items: [] })).status, 400)
    await client.post(`/instances/${id}:restart`, {})
    const { body } = await client.get(`/instances/${id}/drift`)
    assert.deepEqual(body.list, [])
    assert.match(body.unknown, /being changed/)
    assert.equal((await client.post(`/instances/${id}:revert`, {})).status, 409)
  })
})
