import { setTimeout as delay } from 'node:timers/promises'
import { judgeHealth } from '../src/domain/rolling.ts'
import { makeKafkaClusters } from '../src/kafka/admin-client.ts'
import type { BrokerEndpoint } from '../src/kafka/cluster.ts'
import type { NodeSpec } from '../src/providers/provider.ts'
import { startLedger, type LedgerReport } from '../test/harness/ledger/ledger.ts'
import { brokersOf, makeRealHome, type RealHome } from '../test/kafka/real-home.ts'
import { takenAwayAtLast } from './leftovers.ts'
import { killNode } from './nodes.ts'

/**
 * Three real nodes by the provider's own building blocks in a bare loop, without rows, steps and leases: what a move costs at
 * the very least, on the same machine and under the same load.
 */
export type BareCluster = {
  /** One node after the other, each when all is healthy, the active controller last; leaders go back after each. Milliseconds. */
  roll(): Promise<number>
  /** kill -9 of a node and its start at once: milliseconds until all is healthy. */
  restartDead(kafkaId: number): Promise<number>
  /** Ends the load. */
  end(): Promise<LedgerReport>
  [Symbol.asyncDispose](): Promise<void>
}

const betweenLooksMs = 50
const fence = { epoch: 1 }

export async function startBareCluster(load: { partitions: number; perSecond: number }): Promise<BareCluster> {
  const home = await makeRealHome()
  const takeAway = takenAwayAtLast(() => home.cleanUp())
  try {
    await home.ready()
    const specs = await home.specsFor(3)
    await Promise.all(specs.map((spec) => home.provider.ensureNode(spec, fence)))
    const brokers = brokersOf(specs)
    await awaitHealthy(brokers)
    const bootstrapServers = brokers.map(({ host, port }) => `${host}:${port}`).join(',')
    const ledger = await startLedger({ home: home.home, bootstrapServers, ...load })
    return {
      roll: () => timed(() => rollBare(home, specs)),
      restartDead: (kafkaId) => timed(() => restartDead(home, specs, kafkaId)),
      end: () => ledger.end(),
      async [Symbol.asyncDispose]() {
        ledger[Symbol.dispose]()
        await takeAway()
      },
    }
  } catch (thrown) {
    await takeAway()
    throw thrown
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** The cluster is whole: every broker seen, every partition in sync on all its replicas, every voter caught up. */
export async function awaitHealthy(brokers: BrokerEndpoint[], voters = [1, 2, 3]): Promise<void> {
  const clusters = makeKafkaClusters()
  const expected = { brokers: brokers.map(({ kafkaId }) => kafkaId), voters }
  while (!judgeHealth(await clusters.observe(brokers), expected).healthy) await delay(betweenLooksMs)
}

async function rollBare({ provider }: RealHome, specs: NodeSpec[]): Promise<void> {
  const clusters = makeKafkaClusters()
  const brokers = brokersOf(specs)
  const left = new Set(specs)
  while (left.size > 0) {
    await awaitHealthy(brokers)
    const { quorum } = await clusters.observe(brokers)
    const spec = [...left].find(({ kafkaId }) => kafkaId !== quorum?.leaderId) ?? [...left][0]!
    left.delete(spec)
    await provider.stopNode(spec.instanceId, spec.kafkaId, fence)
    await awaitStopped(provider, spec)
    await provider.ensureNode(spec, fence)
    await awaitHealthy(brokers)
    await clusters.electPreferredLeaders(brokers, (await clusters.observe(brokers)).partitions)
  }
}

async function awaitStopped(provider: RealHome['provider'], { instanceId, kafkaId }: NodeSpec): Promise<void> {
  for (;;) {
    const seen = await provider.inspectNodes(instanceId)
    if (seen.find((sighting) => sighting.kafkaId === kafkaId)?.process === 'stopped') return
    await delay(betweenLooksMs)
  }
}

async function restartDead({ homeId, provider }: RealHome, specs: NodeSpec[], kafkaId: number): Promise<void> {
  const spec = specs.find((one) => one.kafkaId === kafkaId)!
  await killNode(homeId, spec.instanceId, kafkaId)
  await awaitStopped(provider, spec)
  await provider.ensureNode(spec, fence)
  await awaitHealthy(brokersOf(specs))
}
