import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { InstanceId } from '../domain/id.ts'
import type { NodeSighting, NodeSpec, Provider } from './provider.ts'

/**
 * The promises of `provider.ts`, one test each. A provider's own test file calls this with a fixture of a real world of its
 * kind; the suite knows nothing of processes, machines or clocks.
 */
export type ProviderFixture = {
  provider: Provider
  /** The same world through new eyes, as another Millrace process or a restarted one has them. */
  reopen(): Provider
  /** A version that the world can run, and one that can run on the data of the other. */
  version: string
  laterVersion: string
  /** Specs for all nodes of a new Instance with so many nodes, on slots that are free. */
  specsFor(nodeCount: number): Promise<NodeSpec[]>
  /** The data of the stopped node is gone, whatever else there is of it. */
  loseStorage(spec: NodeSpec): Promise<void>
  /** Lets so much time pass in that world. */
  pass(ms: number): Promise<void>
  cleanUp(): Promise<void>
}

/** Longest that any call may keep its caller, whatever the node does. */
const promptMs = 6_000
const settleMs = 60_000

export function describeProvider(name: string, makeFixture: () => Promise<ProviderFixture>): void {
  describe(`the ${name} provider`, () => {
    let world: ProviderFixture
    before(async () => {
      world = await makeFixture()
      await prepared(world)
    })
    after(() => world.cleanUp())

    describeOffer(() => world)
    describeMaking(() => world)
    describeEnding(() => world)
    describeFence(() => world)
  })
}

type World = () => ProviderFixture

function describeOffer(world: World): void {
  test('describes zones that each have a subnet, and at least one machine type', async () => {
    const { zones, subnets, machineTypes } = await world().provider.describeEnvironment()
    assert.ok(zones.length > 0 && machineTypes.length > 0)
    for (const { id } of zones)
      assert.ok(
        subnets.some(({ zone }) => zone === id),
        `zone ${id} has no subnet`,
      )
    for (const { zone } of subnets)
      assert.ok(
        zones.some(({ id }) => id === zone),
        `there is no zone ${zone}`,
      )
  })

  test('prepares a version at once when it is there already', async () => {
    assert.deepEqual(await promptly(world().provider.prepareVersion(world().version)), { ready: true })
  })

  test('refuses a version that it cannot get, in words', async () => {
    await assert.rejects(
      eventually(world(), async () => (await promptly(world().provider.prepareVersion('0.0.1'))).ready),
      /0\.0\.1/,
    )
  })
}

function describeMaking(world: World): void {
  test('knows nothing of an Instance that was never made', async () => {
    const [spec] = await world().specsFor(1)
    assert.deepEqual(await world().provider.inspectNodes(spec!.instanceId), [])
  })

  test('makes a node that is seen running with its version and its use of the machine', async () => {
    const spec = await makeNode(world(), 1)
    const sighting = await sightingOf(world().provider, spec)
    assert.equal(sighting.process, 'running')
    assert.equal(sighting.version, spec.version)
    assert.ok(sighting.usage && sighting.usage.startedAt instanceof Date)
    await removeAll(world(), spec.instanceId)
  })

  test('ensures twice and has one node, the first', async () => {
    const spec = await makeNode(world(), 1)
    const first = await sightingOf(world().provider, spec)
    await promptly(world().provider.ensureNode(spec, { epoch: 1 }))
    await promptly(world().reopen().ensureNode(spec, { epoch: 1 }))
    const again = await sightingOf(world().reopen(), spec)
    assert.deepEqual(again.usage?.startedAt, first.usage?.startedAt)
    await removeAll(world(), spec.instanceId)
  })

  test('ensures from two sides at once and has one node', async () => {
    const [spec] = await world().specsFor(1)
    const sides = [world().provider, world().reopen()]
    await promptly(Promise.all(sides.map((side) => side.ensureNode(spec!, { epoch: 1 }))))
    const seen = await Promise.all(sides.map((side) => sightingOf(side, spec!)))
    assert.deepEqual(seen[0]!.usage?.startedAt, seen[1]!.usage?.startedAt)
    await removeAll(world(), spec!.instanceId)
  })

  test('leaves a running node alone when it is wanted otherwise, and says what it was started with', async () => {
    const spec = await makeNode(world(), 1)
    const first = await sightingOf(world().provider, spec)
    await promptly(world().provider.ensureNode(otherwise(world(), spec), { epoch: 1 }))
    for (const provider of [world().provider, world().reopen()]) {
      const seen = await sightingOf(provider, spec)
      assert.deepEqual(
        [seen.spec, seen.version, seen.usage?.startedAt],
        [startOf(spec), spec.version, first.usage?.startedAt],
      )
    }
    await removeAll(world(), spec.instanceId)
  })

  test('keeps Instances apart', async () => {
    const [kept, gone] = [await makeNode(world(), 1), await makeNode(world(), 1)]
    await removeAll(world(), gone.instanceId)
    assert.equal((await sightingOf(world().provider, kept)).process, 'running')
    await removeAll(world(), kept.instanceId)
  })
}

function describeEnding(world: World): void {
  test('stops a node without waiting for it, says why it is stopped, and starts it again', async () => {
    const spec = await makeNode(world(), 1)
    await stopped(world(), spec)
    assert.ok((await sightingOf(world().provider, spec)).reason)
    await promptly(world().provider.ensureNode(spec, { epoch: 1 }))
    assert.equal((await sightingOf(world().provider, spec)).process, 'running')
    await removeAll(world(), spec.instanceId)
  })

  test('starts a stopped node as it is wanted now, whatever it ran with before', async () => {
    const spec = await makeNode(world(), 1)
    await stopped(world(), spec)
    assert.deepEqual((await sightingOf(world().provider, spec)).spec, startOf(spec))
    const wanted = otherwise(world(), spec)
    await promptly(world().reopen().ensureNode(wanted, { epoch: 1 }))
    const seen = await sightingOf(world().provider, spec)
    assert.deepEqual([seen.process, seen.spec, seen.version], ['running', startOf(wanted), wanted.version])
    await removeAll(world(), spec.instanceId)
  })

  test('never makes a node anew that has run: without its storage it is refused, and nothing is touched', async () => {
    const spec = await makeNode(world(), 1)
    const again = { ...spec, isNew: false }
    await stopped(world(), spec)
    await promptly(world().provider.ensureNode(again, { epoch: 1 }))
    assert.equal((await sightingOf(world().provider, spec)).process, 'running')
    await stopped(world(), spec)
    await world().loseStorage(spec)
    for (const provider of [world().provider, world().reopen()]) {
      await assert.rejects(promptly(provider.ensureNode(again, { epoch: 1 })), {
        kind: 'unavailable',
        code: 'Node.Lost',
      })
      assert.equal((await sightingOf(provider, spec)).process, 'stopped')
    }
    await removeAll(world(), spec.instanceId)
    await assert.rejects(promptly(world().provider.ensureNode(again, { epoch: 1 })), { code: 'Node.Lost' })
    assert.deepEqual(await world().provider.inspectNodes(spec.instanceId), [])
  })

  test('removes until nothing is left, and removing or stopping what is gone is success', async () => {
    const spec = await makeNode(world(), 1)
    await removeAll(world(), spec.instanceId)
    assert.deepEqual(await world().provider.inspectNodes(spec.instanceId), [])
    assert.deepEqual(await world().provider.removeNode(spec.instanceId, spec.kafkaId, { epoch: 1 }), [])
    await world().provider.stopNode(spec.instanceId, spec.kafkaId, { epoch: 1 })
    assert.deepEqual(await world().provider.inspectNodes(spec.instanceId), [])
  })

  test('names what is left while a removal is not over', async () => {
    const spec = await makeNode(world(), 1)
    const left = await promptly(world().provider.removeNode(spec.instanceId, spec.kafkaId, { epoch: 1 }))
    const seen = await world().provider.inspectNodes(spec.instanceId)
    assert.equal(left.length === 0, seen.length === 0, `left: ${left.join('; ')}`)
    await removeAll(world(), spec.instanceId)
  })
}

function describeFence(world: World): void {
  test('refuses an older caller before it touches anything', async () => {
    const spec = await makeNode(world(), 1)
    const { instanceId, kafkaId } = spec
    await world().provider.ensureNode(spec, { epoch: 7 })
    for (const provider of [world().provider, world().reopen()]) {
      await assert.rejects(provider.ensureNode(spec, { epoch: 6 }), { code: 'Lease.Overtaken' })
      await assert.rejects(provider.renewStores(spec, { epoch: 6 }), { code: 'Lease.Overtaken' })
      await assert.rejects(provider.stopNode(instanceId, kafkaId, { epoch: 6 }), { code: 'Lease.Overtaken' })
      await assert.rejects(provider.removeNode(instanceId, kafkaId, { epoch: 6 }), { code: 'Lease.Overtaken' })
    }
    assert.equal((await sightingOf(world().provider, spec)).process, 'running')
    await removeAll(world(), instanceId, 7)
  })

  test('does not let an older caller bring back a node that a newer one has removed', async () => {
    const spec = await makeNode(world(), 1)
    await removeAll(world(), spec.instanceId, 2)
    await world().provider.renewStores(spec, { epoch: 2 })
    await assert.rejects(world().reopen().ensureNode(spec, { epoch: 1 }), { code: 'Lease.Overtaken' })
    assert.deepEqual(await world().provider.inspectNodes(spec.instanceId), [])
  })
}

async function prepared({ version, laterVersion, ...world }: ProviderFixture): Promise<void> {
  for (const wanted of [version, laterVersion]) {
    await eventually(world, async () => (await world.provider.prepareVersion(wanted)).ready)
  }
}

async function makeNode(world: ProviderFixture, epoch: number): Promise<NodeSpec> {
  const [spec] = await world.specsFor(1)
  await promptly(world.provider.ensureNode(spec!, { epoch }))
  return spec!
}

async function stopped(world: ProviderFixture, spec: NodeSpec): Promise<void> {
  await promptly(world.provider.stopNode(spec.instanceId, spec.kafkaId, { epoch: 1 }))
  await eventually(world, async () => (await sightingOf(world.provider, spec)).process === 'stopped')
}

const startOf = ({ version, configs, heapMiB }: NodeSpec) => ({ version, configs, heapMiB })

const otherwise = ({ laterVersion }: ProviderFixture, spec: NodeSpec): NodeSpec => ({
  ...spec,
  version: laterVersion,
  heapMiB: spec.heapMiB + 16,
  configs: { 'num.network.threads': '2' },
})

/** The one sighting of the node; more or fewer fail the test. */
async function sightingOf(provider: Provider, { instanceId, kafkaId }: NodeSpec): Promise<NodeSighting> {
  const sightings = await promptly(provider.inspectNodes(instanceId))
  assert.deepEqual(
    sightings.map((sighting) => sighting.kafkaId),
    [kafkaId],
  )
  return sightings[0]!
}

async function removeAll(world: ProviderFixture, instanceId: InstanceId, epoch = 1): Promise<void> {
  await eventually(world, async () => {
    const sightings = await world.provider.inspectNodes(instanceId)
    const left = await Promise.all(
      sightings.map(({ kafkaId }) => promptly(world.provider.removeNode(instanceId, kafkaId, { epoch }))),
    )
    return left.flat().length === 0
  })
}

async function eventually(world: Pick<ProviderFixture, 'pass'>, isSo: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < settleMs; waitedMs += 100) {
    if (await isSo()) return
    await world.pass(100)
  }
  assert.fail(`not so after ${settleMs / 1000} s`)
}

/** Fails when the call keeps its caller longer than any node may. */
async function promptly<T>(call: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => limit.reject(new Error(`the call took longer than ${promptMs} ms`)), promptMs)
  return Promise.race([call, limit.promise]).finally(() => clearTimeout(timer))
}
