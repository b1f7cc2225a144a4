import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { InstanceId } from '../../src/domain/id.ts'
import type { Node } from '../../src/domain/node.ts'
import type { Operation } from '../../src/domain/operation.ts'
import { slotAt, slotCount, slotKey } from '../../src/domain/placement.ts'
import { startReconciler, type ReconcilerDriver } from '../../src/engine/reconciler-driver.ts'
import { startOperation } from '../../src/engine/start-operation.ts'
import { startWorker, type Worker } from '../../src/engine/worker.ts'
import { makeLazyKafkaClusters } from '../../src/kafka/lazy-clusters.ts'
import { createInstance } from '../../src/operations/create-instance.ts'
import { registry } from '../../src/operations/registry.ts'
import { nodeFolder } from '../../src/providers/local/node-folder.ts'
import { listNodeProcesses } from '../../src/providers/local/node-processes.ts'
import { makeHealNodes } from '../../src/reconcilers/heal-nodes.ts'
import { observeInstances } from '../../src/reconcilers/observe-instances.ts'
import { makeKeyring } from '../../src/services/security/keyring.ts'
import { claimEnvironment } from '../../src/store/environments.ts'
import { getInstance } from '../../src/store/instances.ts'
import { listNodes } from '../../src/store/nodes.ts'
import { listOperations } from '../../src/store/operations.ts'
import { makeSecretBox } from '../../src/store/secret-box.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { type RealHome, changeLimitMs, eventually, makeRealHome } from './real-home.ts'

/** Nodes of real Kafka that die, hang, and cannot start: the standing duties and the worker of a Millrace bring them back. */
describe('healing real nodes', () => {
  const environmentId = 'env-heal'
  const hungAfterMs = 4_000
  let home: RealHome
  let database: TestDatabase
  let worker: Worker
  let drivers: ReconcilerDriver[] = []
  let instanceId: InstanceId

  before(async () => {
    home = await makeRealHome()
    database = await makeDatabase()
    const { db, connection } = database
    const now = () => new Date()
    const keyring = makeKeyring({ db, secrets: makeSecretBox([randomBytes(32)]), now })
    const provider = home.open({ keyring })
    await home.ready(home.version, provider)
    await claimEnvironment(db, { id: environmentId, provider: 'local', providerRoot: home.home, now: now() })
    const world = { provider, clusters: makeLazyKafkaClusters(keyring), catalogue: home.catalogue }
    const unexpected = (where: string, thrown: unknown) => console.error(where, thrown)
    const log = { stepFailed() {}, leaseLost() {}, unexpected }
    const engine = { db, registry, world, owner: 'heal-test', leaseMs: 10_000, now, chance: Math.random, log }
    worker = await startWorker(engine, { connection })
    const round = { world, db, environmentId, now, random: (bytes: number) => randomBytes(bytes) }
    drivers = [
      startReconciler(observeInstances, round, log),
      startReconciler(makeHealNodes({ hungAfterMs }), round, log),
    ]
    instanceId = await create()
    await becomes('healthy')
  })
  after(async () => {
    await Promise.all(drivers.map((driver) => driver.stop()))
    await worker?.stop()
    await home.cleanUp()
    await database[Symbol.asyncDispose]()
  })

  /** Three nodes on slots that no other test has. */
  async function create(): Promise<InstanceId> {
    const ours = new Set((await home.specsFor(3)).map(slotKey))
    const offered = await home.provider.describeEnvironment()
    const slots = offered.subnets.flatMap(({ slots }) =>
      Array.from({ length: slotCount(slots) }, (_, index) => slotKey(slotAt(slots, index))),
    )
    const environment = { ...offered, takenElsewhere: slots.filter((key) => !ours.has(key)) }
    const networks = offered.zones.map(({ id }) => ({ zone: id }))
    const request = {
      environmentId,
      input: { name: 'heal', version: home.version, spec: { reservedAku: 3, networks } },
      context: { environment, catalogue: home.catalogue },
      actor: { name: 'tester', role: 'administrator', source: null } as const,
      now: new Date(),
      random: (bytes: number) => randomBytes(bytes),
    }
    return (await database.db.transaction().execute((tx) => startOperation(tx, createInstance, request))).instanceId
  }

  const becomes = (health: string) =>
    eventually(changeLimitMs, async () => {
      const seen = await getInstance(database.db, instanceId)
      const isSo = seen.health === health && seen.state === 'Running'
      return isSo || `${seen.state}, ${seen.health}: ${seen.healthReason ?? seen.stateReason}`
    })
  const heals = async (): Promise<Operation[]> => {
    const query = { environmentId, instanceId, kind: 'heal-instance', page: 1, size: 20 }
    return (await listOperations(database.db, query)).list
  }
  /** The healing that began after so many others, when it has ended. */
  const healed = async (before: number): Promise<Operation> => {
    await eventually(changeLimitMs, async () => {
      const list = await heals()
      return (list.length > before && list[0]!.outcome === 'succeeded') || (await story(list[0]))
    })
    await becomes('healthy')
    return (await heals())[0]!
  }
  /** All that says why it is not healed. */
  const story = async (last: Operation | undefined): Promise<string> => {
    const { state, health, healthReason } = await getInstance(database.db, instanceId)
    const nodes = (await listNodes(database.db, instanceId)).map((node) => [node.health, node.silentSince])
    const healing = [last?.outcome, last?.step, last?.waitingReason ?? last?.error?.message]
    return JSON.stringify({ state, health, healthReason, nodes, healing })
  }
  const nodeOf = async (kafkaId: number): Promise<Node> =>
    (await listNodes(database.db, instanceId)).find((node) => node.kafkaId === kafkaId)!
  const pidOf = async (kafkaId: number): Promise<number> => {
    const [found] = await listNodeProcesses(`${home.homeId}/${instanceId}/${kafkaId}`)
    return found!.pid
  }

  test('a node that was killed is noticed within five seconds and comes back as it was', async () => {
    const before = (await heals()).length
    const [pid, others] = [await pidOf(2), await Promise.all([pidOf(1), pidOf(3)])]
    const killedAt = Date.now()
    process.kill(pid, 'SIGKILL')
    const operation = await healed(before)
    const noticedMs = operation.createdAt.getTime() - killedAt
    assert.ok(noticedMs <= 5_000, `noticed after ${noticedMs} ms`)
    assert.notEqual(await pidOf(2), pid)
    assert.deepEqual(await Promise.all([pidOf(1), pidOf(3)]), others)
    assert.deepEqual([(await nodeOf(2)).version, (await nodeOf(2)).drift], [home.version, null])
  })

  test('a node that hangs is ended after its grace and comes back, the others stay', async () => {
    const before = (await heals()).length
    const [pid, others] = [await pidOf(3), await Promise.all([pidOf(1), pidOf(2)])]
    const hungAt = Date.now()
    process.kill(pid, 'SIGSTOP')
    const operation = await healed(before)
    assert.ok(operation.createdAt.getTime() - hungAt >= hungAfterMs)
    assert.notEqual(await pidOf(3), pid)
    assert.deepEqual(await Promise.all([pidOf(1), pidOf(2)]), others)
  })

  test('a node whose address another program took waits, says so, and comes back when it is free', async () => {
    const before = (await heals()).length
    const { address, port } = await nodeOf(1)
    process.kill(await pidOf(1), 'SIGKILL')
    const squatter = await takeAddress(address, port)
    try {
      await eventually(60_000, async () => {
        const words = (await heals())[0]?.waitingReason ?? 'none'
        return new RegExp(`Node 1 has stopped: Another program holds ${address}:${port}`).test(words) || words
      })
      await eventually(30_000, async () => {
        const { healthReason } = await nodeOf(1)
        return /Another program holds/.test(healthReason ?? '') || String(healthReason)
      })
      const { health, state } = await getInstance(database.db, instanceId)
      assert.deepEqual([health, state], ['degraded', 'Running'])
    } finally {
      squatter.close()
    }
    await healed(before)
  })

  test('a node whose data is gone is not started empty, and comes back when it is put back', async () => {
    const before = (await heals()).length
    const { data } = nodeFolder({ home: home.home, instanceId, kafkaId: 2 })
    process.kill(await pidOf(2), 'SIGKILL')
    await rename(data, `${data}.aside`)
    await eventually(60_000, async () => {
      const words = (await heals())[0]?.waitingReason ?? 'none'
      return words.startsWith(`The data of node 2 is no longer in ${data}.`) || words
    })
    assert.deepEqual(await listNodeProcesses(`${home.homeId}/${instanceId}/2`), [])
    await rename(`${data}.aside`, data)
    await healed(before)
  })
})

/** As soon as the node has let go of it. */
async function takeAddress(host: string, port: number): Promise<Server> {
  for (;;) {
    const server = createServer().listen({ host, port })
    const isTaken = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (isTaken) return server
  }
}
