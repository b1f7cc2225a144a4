import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { makeRecorder, type Recorder } from '../../test/harness/recorder.ts'
import { catalogue, makeStage, threeNodes, type Stage } from '../../test/harness/world.ts'
import type { Environment } from '../domain/environment.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import { millraceItself } from '../domain/permission.ts'
import { slotKey } from '../domain/placement.ts'
import { startOperation } from '../engine/start-operation.ts'
import { findInstance, getInstance } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'
import { getOperation } from '../store/operations.ts'
import { createInstance, planNodes, type CreateInstanceInput } from './create-instance.ts'

let database: TestDatabase
let stage: Stage
let worker: Recorder
let environment: Environment
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  stage = await makeStage(database.db)
  worker = makeRecorder(stage)
  environment = await stage.world.provider.describeEnvironment()
})

const begin = (input: CreateInstanceInput, offered: Partial<Environment> = {}) =>
  stage.db.transaction().execute((tx) =>
    startOperation(tx, createInstance, {
      environmentId: stage.environmentId,
      input,
      context: { environment: { ...environment, ...offered }, catalogue },
      actor: millraceItself,
      now: stage.now(),
      random: (bytes) => randomBytes(bytes),
    }),
  )
const wish = (more: Partial<CreateInstanceInput> = {}) => ({ ...threeNodes(environment), ...more })
const operation = (id: OperationId) => getOperation(stage.db, id)
const begun = async (): Promise<{ id: OperationId; instanceId: InstanceId }> => operation(await stage.create())
const population = (instanceId: InstanceId) => stage.simulated.population.of(instanceId)

describe('begin', () => {
  test('decides everything at once: the Instance, its nodes, their places and ids', async () => {
    const input = wish({ name: '订单-1', description: 'of the shop', tags: [{ name: 'team', value: 'a' }] })
    const { instanceId } = await begin(input)
    const instance = await getInstance(stage.db, instanceId)
    const { name, description, state, version, targetVersion, spec, tags, nodeCount, health } = instance
    assert.deepEqual(
      { name, description, state, version, targetVersion, spec, tags, nodeCount, health },
      { ...input, state: 'Creating', targetVersion: '4.3.1', nodeCount: 3, health: 'unknown' },
    )
    const nodes = await listNodes(stage.db, instanceId)
    assert.deepEqual(
      nodes.map((node) => [node.kafkaId, node.zone, node.roles.length, node.health, node.version]),
      [1, 2, 3].map((id) => [id, environment.subnets[id - 1]?.zone, 2, 'planned', null]),
    )
    assert.equal(new Set([instance.clusterId, ...nodes.map(({ directoryId }) => directoryId)]).size, 4)
    assert.deepEqual(stage.ledger, [], 'nothing of the world is touched')
  })

  test('keeps what was not sent apart from what was sent empty', async () => {
    const bare = await getInstance(stage.db, (await begin(wish())).instanceId)
    const empty = await getInstance(stage.db, (await begin(wish({ description: '' }))).instanceId)
    assert.deepEqual([bare.description, empty.description], [null, ''])
  })

  test('gives Instances that are made at the same moment places of their own', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => begin(wish())))
    const nodes = await Promise.all(made.map(({ instanceId }) => listNodes(stage.db, instanceId)))
    assert.equal(new Set(nodes.flat().map(slotKey)).size, 15)
  })

  test('lets Instances that are made at the same moment take no more memory than there is', async () => {
    const memoryMiB = 2 * 3 * environment.machineTypes[0]!.memoryMiB
    const made = await Promise.allSettled([1, 2, 3, 4].map(() => begin(wish(), { memoryMiB })))
    const refused = made.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 2)
    for (const { reason } of refused) assert.equal(reason.code, 'Instance.NotEnoughMemory')
  })

  test('steps over places that something outside Millrace holds', async () => {
    const [subnet] = environment.subnets
    assert.ok(subnet?.slots.kind === 'addresses')
    const takenElsewhere = [`${subnet.slots.firstAddress}:${subnet.slots.port}`]
    const { instanceId } = await begin(wish(), { takenElsewhere })
    const keys = (await listNodes(stage.db, instanceId)).map(slotKey)
    assert.ok(!keys.includes(takenElsewhere[0]!))
  })

  test('refuses what the rules refuse, and leaves nothing', async () => {
    const before = await stage.db.selectFrom('instances').select('id').execute()
    await assert.rejects(begin(wish({ name: 'a b c', version: '1.0' })), { kind: 'invalid', code: 'Instance.Invalid' })
    await assert.rejects(begin(wish(), { memoryMiB: 100 }), { kind: 'limit', code: 'Instance.NotEnoughMemory' })
    const tiny = environment.subnets.map((subnet) => ({ ...subnet, slots: { ...subnet.slots, count: 0 } }))
    await assert.rejects(begin(wish(), { subnets: tiny }), { kind: 'limit', code: 'Instance.NoFreeAddress' })
    const twin = wish({ name: 'the-same-name' })
    await begin(twin)
    await assert.rejects(begin(twin), { code: 'Instance.NameTaken' })
    assert.equal((await stage.db.selectFrom('instances').select('id').execute()).length, before.length + 1)
  })

  test('does what the plan showed', async () => {
    const input = wish()
    const planned = await planNodes(stage.db, {
      environmentId: stage.environmentId,
      input,
      offer: { environment, catalogue },
    })
    const { instanceId } = await begin(input)
    const nodes = await listNodes(stage.db, instanceId)
    assert.deepEqual(
      nodes.map(({ kafkaId, roles, zone, subnet, address, port }) => ({ kafkaId, roles, zone, subnet, address, port })),
      planned.map(({ kafkaId, roles, zone, subnet, address, port }) => ({
        kafkaId,
        roles,
        zone,
        subnet,
        address,
        port,
      })),
    )
  })
})

describe('fetch-distribution', () => {
  test('waits, with how far it is, until the version is there', async () => {
    await begun()
    await worker.settle()
    assert.deepEqual(worker.of('fetch-distribution'), [
      { kind: 'wait', seconds: 0.2, why: 'Getting Kafka 4.3.1 ready for the first time: 0 %.' },
      { kind: 'next', step: 'ensure-nodes' },
    ])
  })
})

describe('ensure-nodes', () => {
  test('makes every node as its row says, and once', async () => {
    const { id, instanceId } = await begun()
    await worker.arriveAt(id, 'ensure-nodes')
    await worker.work()
    const { clusterId } = await getInstance(stage.db, instanceId)
    const nodes = await listNodes(stage.db, instanceId)
    const voters = nodes.map(({ kafkaId, directoryId, address, controllerPort }) => ({
      kafkaId,
      directoryId,
      address,
      controllerPort,
    }))
    for (const [index, { spec }] of population(instanceId).entries()) {
      const { kafkaId, address, port, zone, directoryId, roles } = nodes[index]!
      assert.deepEqual({ ...spec, clusterId, kafkaId, address, port, zone, directoryId, roles, voters }, spec)
      assert.deepEqual([spec.version, spec.heapMiB], ['4.3.1', environment.machineTypes[0]?.heapMiB])
    }
    assert.deepEqual(
      stage.ledger.map(({ act, kafkaId }) => `${act} ${kafkaId}`),
      ['started 1', 'started 2', 'started 3'],
    )
  })

  test('hands the Instance’s own Kafka settings to each node', async () => {
    const instanceConfigs = [{ key: 'num.partitions', value: '7' }]
    const { id, instanceId } = await begin(wish({ features: { instanceConfigs } }))
    await worker.arriveAt(id, 'await-nodes')
    for (const { spec } of population(instanceId)) assert.deepEqual(spec.configs, { 'num.partitions': '7' })
  })

  test('gives up with the reason when a node is refused; a delete is open then', async () => {
    const { id, instanceId } = await begin(
      wish({ features: { instanceConfigs: [{ key: 'simulated.fault', value: 'refused' }] } }),
    )
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'failed')
    const instance = await getInstance(stage.db, instanceId)
    assert.equal(instance.state, 'Error')
    assert.match(instance.stateReason ?? '', /^Create Instance failed at "Start the nodes": This node is refused/)
    await stage.delete(instanceId)
    await worker.settle()
    assert.equal((await findInstance(stage.db, instanceId))?.state, 'Deleted')
  })
})

describe('await-nodes', () => {
  test('waits while the nodes start, and says for which', async () => {
    const { id } = await begun()
    await worker.arriveAt(id, 'await-nodes')
    await worker.work()
    const [outcome] = worker.of('await-nodes')
    assert.ok(outcome?.kind === 'wait')
    assert.equal(outcome.why, '0 of 3 nodes answer; waiting for node 1, 2, 3 (connection refused).')
    await worker.settle()
    assert.deepEqual(worker.of('await-nodes').at(-1), { kind: 'next', step: 'verify' })
  })

  test('starts a node that ended again, after a pause, with the reason it gave', async () => {
    const { id, instanceId } = await begun()
    await worker.arriveAt(id, 'await-nodes')
    stage.simulated.killNode(instanceId, 2)
    await worker.work()
    const [outcome] = worker.of('await-nodes')
    assert.ok(outcome?.kind === 'wait')
    assert.match(outcome.why, /^Node 2 has stopped: .+ Starting it again\.$/)
    assert.equal(Math.round(outcome.seconds), 1)
    await worker.settle()
    assert.equal((await getInstance(stage.db, instanceId)).state, 'Running')
    const starts = stage.ledger.filter(({ act }) => act === 'started').map(({ kafkaId }) => kafkaId)
    assert.deepEqual(starts, [1, 2, 3, 2])
  })

  test('lets the pause grow for a node that ends again and again, gives up with its reason, and a retry begins anew', async () => {
    const { id, instanceId } = await begun()
    await worker.arriveAt(id, 'await-nodes')
    stage.simulated.killNode(instanceId, 2)
    const startedAt = [stage.now().getTime()]
    for (let turn = 0; turn < 40 && (await operation(id)).outcome === 'active'; turn++) {
      const before = stage.ledger.length
      await worker.work()
      if (stage.ledger.length > before) startedAt.push(stage.now().getTime())
      stage.simulated.killNode(instanceId, 2)
      stage.pass((await operation(id)).runAt.getTime() - stage.now().getTime() + 1)
    }
    const pauses = startedAt.slice(1).map((at, index) => Math.round((at - startedAt[index]!) / 1000))
    assert.deepEqual(pauses, [1, 2, 4, 8, 16])
    const { outcome, error } = await operation(id)
    assert.equal(outcome, 'failed')
    assert.match(error?.message ?? '', /^Node 2 has stopped: .+ It was started 6 times\.$/)
    assert.equal((await getInstance(stage.db, instanceId)).state, 'Error')
    await stage.control(id, 'retry')
    await worker.settle()
    assert.equal((await getInstance(stage.db, instanceId)).state, 'Running')
  })
})

describe('verify', () => {
  test('ends with the proof, and with each node seen running', async () => {
    const { id, instanceId } = await begun()
    await worker.settle()
    const instance = await getInstance(stage.db, instanceId)
    assert.deepEqual([instance.state, instance.health, instance.stateReason], ['Running', 'healthy', null])
    for (const node of await listNodes(stage.db, instanceId)) {
      assert.deepEqual([node.health, node.version], ['running', '4.3.1'])
      assert.ok(node.usage && node.observedAt)
    }
    assert.deepEqual((await operation(id)).notes['canary'], { partitions: 3, sent: 3, readBack: 3, slowestMs: 4 })
  })

  test('is tried again for as long as no record comes back', async () => {
    const { id, instanceId } = await begun()
    await worker.arriveAt(id, 'verify')
    stage.simulated.troubleNode(instanceId, 3, 'no-canary')
    for (const _ of [1, 2, 3]) {
      await worker.work()
      stage.pass(5_000)
    }
    const { failures, error, outcome } = await operation(id)
    assert.deepEqual([failures, error?.code, outcome], [3, 'Kafka.CanaryFailed', 'active'])
    assert.equal((await getInstance(stage.db, instanceId)).state, 'Creating')
    stage.simulated.troubleNode(instanceId, 3, null)
    await worker.settle()
    assert.equal((await getInstance(stage.db, instanceId)).state, 'Running')
  })
})

describe('release', () => {
  test('leaves nothing over and frees the name and the places at once', async () => {
    const input = wish()
    const { id, instanceId } = await begin(input)
    await worker.arriveAt(id, 'verify')
    const slots = (await listNodes(stage.db, instanceId)).map(slotKey)
    await stage.control(id, 'cancel')
    await worker.settle()
    assert.equal((await operation(id)).outcome, 'cancelled')
    assert.equal((await findInstance(stage.db, instanceId))?.state, 'Deleted')
    assert.deepEqual(population(instanceId), [])
    assert.deepEqual(await listNodes(stage.db, instanceId), [])

    const again = await begin(input)
    assert.deepEqual((await listNodes(stage.db, again.instanceId)).map(slotKey), slots)
  })

  test('names what is left for as long as it is left', async () => {
    const { id, instanceId } = await begun()
    await worker.arriveAt(id, 'verify')
    stage.simulated.troubleNode(instanceId, 2, 'stays')
    await stage.control(id, 'cancel')
    for (const _ of [1, 2, 3]) {
      await worker.work()
      stage.pass(500)
    }
    const { waitingReason, outcome } = await operation(id)
    assert.deepEqual([waitingReason, outcome], ['Still there: the folder of node 2 cannot be removed.', 'active'])
    assert.deepEqual(
      (await listNodes(stage.db, instanceId)).map(({ kafkaId }) => kafkaId),
      [2],
      'only its address is still held',
    )
    stage.simulated.troubleNode(instanceId, 2, null)
    await worker.settle()
    assert.equal((await findInstance(stage.db, instanceId))?.state, 'Deleted')
  })
})
