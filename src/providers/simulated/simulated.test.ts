import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { instanceIdFrom, kafkaUuidFrom } from '../../domain/id.ts'
import { placementFor } from '../../domain/placement.ts'
import { judgeHealth } from '../../domain/rolling.ts'
import type { VersionCatalogue } from '../../domain/version.ts'
import { describeProvider } from '../conformance.ts'
import type { NodeSpec } from '../provider.ts'
import { troubleSetting, type Trouble } from './faults.ts'
import { makeSimulatedWorld, type SimulatedWorld } from './simulated-world.ts'

const version = '4.2.1'
const laterVersion = '4.3.1'
const catalogue: VersionCatalogue = {
  millrace: '0.1.0',
  versions: [
    { version, recommended: false, endOfLife: false, upgradableTo: [laterVersion], leastMillrace: '0.1.0' },
    { version: laterVersion, recommended: true, endOfLife: false, upgradableTo: [], leastMillrace: '0.1.0' },
  ],
}

/** A world whose clock stands still until it is told to move. */
function makeWorld() {
  let atMs = Date.parse('2026-01-01T00:00:00Z')
  const pass = async (ms: number) => void (atMs += ms)
  const world = makeSimulatedWorld({ now: () => new Date(atMs), catalogue, sleep: pass })
  return { world, pass }
}

const epoch = { epoch: 1 }

/** Specs on free slots: each call takes the next ones. */
function makeSpecs(world: SimulatedWorld) {
  const taken = new Set<string>()
  return async (nodeCount: number, trouble?: Trouble): Promise<NodeSpec[]> => {
    const { subnets } = await world.provider.describeEnvironment()
    const networks = subnets.map(({ id, zone }) => ({ zone, subnet: id }))
    const placed = placementFor({ nodeCount, networks, subnets, taken }).map((node) => {
      taken.add(`${node.address}:${node.port}`)
      return { ...node, directoryId: kafkaUuidFrom(randomBytes(16)) }
    })
    const [instanceId, clusterId] = [instanceIdFrom(randomBytes(16)), kafkaUuidFrom(randomBytes(16))]
    const voters = placed.filter(({ roles }) => roles.includes('controller'))
    const configs = trouble ? { [troubleSetting]: trouble } : {}
    return placed.map((node) => ({
      ...node,
      instanceId,
      clusterId,
      voters,
      version,
      heapMiB: 256,
      configs,
      isNew: true,
    }))
  }
}

describeProvider('simulated', async () => {
  const { world, pass } = makeWorld()
  const { provider, reopen } = world
  const loseStorage = async ({ instanceId, kafkaId }: NodeSpec) => world.loseStorage(instanceId, kafkaId)
  const specsFor = makeSpecs(world)
  return { provider, reopen, version, laterVersion, specsFor, loseStorage, pass, cleanUp: async () => {} }
})

/** Three started nodes, and how Kafka would call them. */
async function makeCluster(trouble?: Trouble) {
  const { world, pass } = makeWorld()
  const specs = await makeSpecs(world)(3, trouble)
  await Promise.all(specs.map((spec) => world.provider.ensureNode(spec, epoch)))
  const brokers = specs.map(({ kafkaId, address, port }) => ({ kafkaId, host: address, port }))
  const judge = async () => {
    return judgeHealth(await world.clusters.observe(brokers), { brokers: [1, 2, 3], voters: [1, 2, 3] })
  }
  return { world, pass, brokers, judge, instanceId: specs[0]!.instanceId }
}

describe('simulated Kafka', () => {
  test('answers only some time after its start, then forms a healthy cluster through which records pass', async () => {
    const { world, pass, brokers, judge } = await makeCluster()
    assert.match(JSON.stringify(await judge()), /0 of 3 nodes answer/)
    await assert.rejects(world.clusters.ping(brokers[0]!), { code: 'Kafka.Unreachable' })
    await assert.rejects(world.clusters.canary(brokers), { code: 'Kafka.CanaryFailed' })
    await pass(1_500)
    assert.deepEqual(await judge(), { healthy: true })
    assert.ok((await world.clusters.ping(brokers[0]!)) > 0)
    assert.equal((await world.clusters.canary(brokers)).partitions, 3)
  })

  test('misses a replica when one node dies, and has no leader when two do', async () => {
    const { world, pass, judge, brokers, instanceId } = await makeCluster()
    await pass(1_500)
    world.killNode(instanceId, 2)
    assert.match(JSON.stringify(await judge()), /2 of 3 nodes answer; waiting for node 2/)
    assert.match((await world.provider.inspectNodes(instanceId))[1]!.reason!, /ended from outside/)
    world.killNode(instanceId, 1)
    assert.equal((await world.clusters.observe(brokers)).quorum, null)
  })

  test('tells the same sizes at every look', async () => {
    const { world, pass, brokers, instanceId } = await makeCluster()
    await pass(1_500)
    const look = async () => [await world.provider.inspectNodes(instanceId), await world.clusters.statistics(brokers)]
    const first = await look()
    await pass(60_000)
    assert.deepEqual(await look(), first)
  })

  test('runs adopted nodes as if they had never stopped', async () => {
    const { world } = makeWorld()
    const specs = await makeSpecs(world)(3)
    world.adopt(specs)
    const brokers = specs.map(({ kafkaId, address, port }) => ({ kafkaId, host: address, port }))
    assert.equal((await world.clusters.canary(brokers)).partitions, 3)
  })
})

describe('troubles by the setting of an Instance', () => {
  test('refused: the node is not made', async () => {
    await assert.rejects(makeCluster('refused'), { kind: 'invalid', code: 'Node.Refused' })
  })

  test('never-starts: the process ends with a reason', async () => {
    const { world, pass, instanceId } = await makeCluster('never-starts')
    await pass(1_500)
    const [node] = await world.provider.inspectNodes(instanceId)
    assert.equal(node?.process, 'stopped')
    assert.match(node.reason ?? '', /gave up at its start/)
  })

  test('hangs: the process runs and its caller waits no longer than a real client would', async () => {
    const { world, pass, judge, instanceId } = await makeCluster('hangs')
    await pass(10_000)
    assert.equal((await world.provider.inspectNodes(instanceId))[0]?.process, 'running')
    assert.match(JSON.stringify(await judge()), /no answer in time/)
  })

  test('no-canary: it looks healthy and no record comes back', async () => {
    const { world, pass, brokers, judge } = await makeCluster('no-canary')
    await pass(1_500)
    assert.deepEqual(await judge(), { healthy: true })
    await assert.rejects(world.clusters.canary(brokers), { code: 'Kafka.CanaryFailed' })
  })

  test('stays: a removal names what is left until the trouble is over', async () => {
    const { world, pass, instanceId } = await makeCluster('stays')
    const remove = () => world.provider.removeNode(instanceId, 1, epoch)
    assert.match((await remove())[0]!, /process of node 1/)
    await pass(300)
    assert.match((await remove())[0]!, /folder of node 1/)
    world.troubleNode(instanceId, 1, null)
    assert.deepEqual(await remove(), [])
  })
})

describe('faults of a call', () => {
  const inspect = async (world: SimulatedWorld) =>
    world.provider.inspectNodes((await makeSpecs(world)(1))[0]!.instanceId)

  test('fails as often as it was told and then works', async () => {
    const { world } = makeWorld()
    world.faults.add({ call: 'inspectNodes', effect: 'fails', times: 2 })
    await assert.rejects(inspect(world), { code: 'Simulated.Fault' })
    await assert.rejects(inspect(world), { code: 'Simulated.Fault' })
    assert.deepEqual(await inspect(world), [])
  })

  test('loses the answer of what it has done', async () => {
    const { world } = makeWorld()
    const [spec] = await makeSpecs(world)(1)
    world.faults.add({ call: 'ensureNode', effect: 'loses-answer', times: 1 })
    await assert.rejects(world.provider.ensureNode(spec!, epoch), { code: 'Simulated.Fault' })
    assert.equal(world.population.count(), 1)
  })

  test('keeps its caller for a bounded time', async () => {
    const { world } = makeWorld()
    const [spec] = await makeSpecs(world)(1)
    world.faults.add({ call: 'ensureNode', effect: { hangsMs: 4_000 }, times: 1 })
    await world.provider.ensureNode(spec!, epoch)
    const [node] = await world.provider.inspectNodes(spec!.instanceId)
    assert.equal(node?.usage?.startedAt.toISOString(), '2026-01-01T00:00:04.000Z')
  })

  test('spoils only the calls of the Instance and node that it names', async () => {
    const { world } = makeWorld()
    const [first, second] = await makeSpecs(world)(2)
    world.faults.add({
      call: 'ensureNode',
      instanceId: second!.instanceId,
      kafkaId: 2,
      effect: 'fails',
      times: Infinity,
    })
    await world.provider.ensureNode(first!, epoch)
    await assert.rejects(world.provider.ensureNode(second!, epoch), { code: 'Simulated.Fault' })
    world.faults.clear()
    await world.provider.ensureNode(second!, epoch)
  })
})

test('brings a version in a moment, with words, the first time only', async () => {
  const { world, pass } = makeWorld()
  const first = await world.provider.prepareVersion(version)
  assert.match(JSON.stringify(first), /Getting Kafka 4\.2\.1 ready.*0 %/)
  await pass(1_000)
  assert.deepEqual(await world.provider.prepareVersion(version), { ready: true })
})

test('refuses an address that another node holds', async () => {
  const { world } = makeWorld()
  const [a] = await makeSpecs(world)(1)
  const [b] = await makeSpecs(world)(1)
  await world.provider.ensureNode(a!, epoch)
  await assert.rejects(world.provider.ensureNode(b!, epoch), { code: 'Node.AddressTaken' })
})
