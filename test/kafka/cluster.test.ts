import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createTopicsV7 } from '@platformatic/kafka'
import { judgeHealth } from '../../src/domain/rolling.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { withBroker } from '../../src/kafka/broker-connection.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { listListeners, listenersOn } from '../../src/providers/local/listeners.ts'
import { instanceFolder } from '../../src/providers/local/node-folder.ts'
import type { NodeSpec } from '../../src/providers/provider.ts'
import { brokersOf, eventually, makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'

/** One cluster of three real nodes, lived through from its first start to its removal; each test goes on from the one before. */
describe('a cluster of three real nodes', () => {
  const clusters = makeKafkaClusters()
  const all = { brokers: [1, 2, 3], voters: [1, 2, 3] }
  let home: RealHome
  let specs: NodeSpec[]
  let brokers: BrokerEndpoint[]

  before(async () => {
    home = await makeRealHome()
    await home.ready()
    specs = await home.specsFor(3)
    brokers = brokersOf(specs)
  })
  after(() => home.cleanUp())

  const becomesHealthy = () =>
    eventually(60_000, async () => {
      const judgement = judgeHealth(await clusters.observe(brokers), all)
      return judgement.healthy || judgement.why
    })

  const pidOf = async (kafkaId: number) => {
    const seen = await home.provider.inspectNodes(specs[0]!.instanceId)
    assert.equal(seen.find((sighting) => sighting.kafkaId === kafkaId)?.process, 'running')
    const pids = await home.pidsOf(specs[0]!)
    const commands = await Promise.all(
      pids.map((pid) => promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])),
    )
    return pids[commands.findIndex(({ stdout }) => stdout.includes(`${specs[0]!.instanceId}/${kafkaId} `))]!
  }

  test('becomes healthy', async () => {
    await Promise.all(specs.map((spec) => home.provider.ensureNode(spec, { epoch: 1 })))
    await becomesHealthy()
    assert.equal((await home.pidsOf(specs[0]!)).length, 3)
  })

  test('takes a canary on every broker and gives it back, again and again', async () => {
    const proofs = [await clusters.canary(brokers), await clusters.canary(brokers)]
    assert.deepEqual(
      proofs.map(({ partitions }) => partitions),
      [3, 3],
    )
    assert.deepEqual([proofs[1]!.sent, proofs[1]!.readBack], [3, 3])
    const { partitions } = await clusters.observe(brokers)
    const canary = partitions.filter(({ topic }) => topic === '__millrace_canary')
    assert.deepEqual(new Set(canary.map(({ leader }) => leader)), new Set([1, 2, 3]))
    assert.ok(canary.every(({ replicas }) => replicas.length === 3))
  })

  test('serves a client that is not ours', async () => {
    await withBroker(brokers[0]!, 5_000, (connection) => {
      const topic = { name: 'orders', numPartitions: 3, replicationFactor: -1, assignments: [], configs: [] }
      return createTopicsV7.api.async(connection, [topic], 5_000, false)
    })
    const sent = Array.from({ length: 100 }, (_, index) => `order ${index}`)
    const { host, port } = brokers[1]!
    await kcat(['-P', '-b', `${host}:${port}`, '-t', 'orders', '-X', 'acks=all'], sent.join('\n'))
    const received = await kcat(['-C', '-b', `${host}:${port}`, '-t', 'orders', '-o', 'beginning', '-e', '-q'], '')
    assert.deepEqual(received.trim().split('\n').sort(), sent.sort())
  })

  test('counts the topics of the team, not its own, and the bytes of all', async () => {
    const { topicCount, partitionCount, storageSize } = await clusters.statistics(brokers)
    assert.deepEqual({ topicCount, partitionCount }, { topicCount: 1, partitionCount: 3 })
    assert.ok(storageSize! > 3 * 100 * 'order 1'.length)
  })

  test('with a hung node: its ping ends in time, and the others are still observed', async () => {
    const pid = await pidOf(2)
    process.kill(pid, 'SIGSTOP')
    try {
      const startedAt = performance.now()
      await assert.rejects(clusters.ping(brokers[1]!), { kind: 'unavailable', code: 'Kafka.Unreachable' })
      assert.ok(performance.now() - startedAt < 2_500)
      const { views } = await clusters.observe(brokers)
      assert.ok(performance.now() - startedAt < 8_000)
      assert.deepEqual(
        views.map(({ sees }) => sees !== null),
        [true, false, true],
      )
      assert.match(views[1]!.problem!, /node 2 .*no answer within/)
      // Had the hung one led the quorum: a broker asks it until its request times out after 30 s, and only then the new leader.
      await eventually(60_000, async () => {
        const { quorum } = await clusters.observe(brokers)
        return (quorum !== null && quorum.leaderId !== 2) || `the quorum: ${JSON.stringify(quorum)}`
      })
      assert.equal((await home.provider.inspectNodes(specs[0]!.instanceId)).length, 3)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await becomesHealthy()
  })

  test('with a killed node: says so, names the missing one, and heals when it is ensured again', async () => {
    process.kill(await pidOf(3), 'SIGKILL')
    const { instanceId } = specs[0]!
    await eventually(15_000, async () => {
      const [, , node] = await home.provider.inspectNodes(instanceId)
      return node!.process === 'stopped' || `it is ${node!.process}`
    })
    assert.match((await home.provider.inspectNodes(instanceId))[2]!.reason!, /ended from outside/)
    // On a busy machine another broker may miss its moment too.
    await eventually(15_000, async () => {
      const judgement = judgeHealth(await clusters.observe(brokers), all)
      if (judgement.healthy) return 'healthy'
      return /waiting for node 3 .*nothing listens there/.test(judgement.why) || judgement.why
    })
    await home.provider.ensureNode(specs[2]!, { epoch: 1 })
    await becomesHealthy()
    await clusters.canary(brokers)
  })

  test('keeps its records over an orderly stop and start of a node', async () => {
    const { instanceId } = specs[0]!
    await home.provider.stopNode(instanceId, 1, { epoch: 1 })
    await eventually(
      15_000,
      async () => (await home.provider.inspectNodes(instanceId))[0]!.process === 'stopped' || 'runs',
    )
    assert.equal((await home.provider.inspectNodes(instanceId))[0]!.reason, 'It was asked to stop.')
    await home.provider.ensureNode(specs[0]!, { epoch: 1 })
    await becomesHealthy()
    const { host, port } = brokers[0]!
    const received = await kcat(['-C', '-b', `${host}:${port}`, '-t', 'orders', '-o', 'beginning', '-e', '-q'], '')
    assert.equal(received.trim().split('\n').length, 100)
  })

  test('leaves no process, no listening address and no folder when it is removed, hung or not', async () => {
    process.kill(await pidOf(1), 'SIGSTOP')
    const startedAt = performance.now()
    await eventually(10_000, async () => {
      const left = specs.map(({ instanceId, kafkaId }) => home.provider.removeNode(instanceId, kafkaId, { epoch: 2 }))
      return (await Promise.all(left)).flat().join('; ') || true
    })
    assert.ok(performance.now() - startedAt < 10_000)
    assert.deepEqual(await home.pidsOf(specs[0]!), [])
    const listeners = await listListeners()
    for (const { address, port, controllerPort } of specs) {
      assert.deepEqual(
        [...listenersOn(listeners, address, port), ...listenersOn(listeners, address, controllerPort)],
        [],
      )
    }
    assert.ok(!existsSync(instanceFolder(home.home, specs[0]!.instanceId)))
  })
})

/** Debian's kcat: librdkafka, a client that shares no line with ours. */
async function kcat(command: string[], input: string): Promise<string> {
  const child = spawn('kcat', command, { stdio: ['pipe', 'pipe', 'pipe'], timeout: 30_000 })
  child.stdin.end(input)
  const output: string[] = []
  const errors: string[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0, errors.join(''))
  return output.join('')
}
