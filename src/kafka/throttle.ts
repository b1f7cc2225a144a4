import type { Connection } from '@platformatic/kafka'
import { withAnyBroker } from './any-broker.ts'
import type { BrokerEndpoint, Throttle } from './cluster.ts'
import { alterConfigs, configSources, fetchConfigs, resourceTypes, type Resource } from './configs.ts'
import { fetchTopics } from './metadata.ts'

/**
 * Slows the copying of replicas, never that of replicas in sync, which clients wait for. Leaders alone are told: a follower that
 * is told goes on slowly for a moment after it has come in sync.
 */
const rateKey = 'leader.replication.throttled.rate'
const replicasKey = 'leader.replication.throttled.replicas'
const everyReplica = '*'

const wholeCluster: Resource = { type: resourceTypes.broker, name: '' }

export async function throttleMoves(brokers: BrokerEndpoint[], { bytesPerSecond, topics }: Throttle): Promise<void> {
  const named = topics.map((name) => ({ type: resourceTypes.topic, name, set: { [replicasKey]: everyReplica } }))
  await withAnyBroker(brokers, async (connection) => {
    // Each change of a cluster-wide setting makes every node parse and log its whole configuration, which clients feel.
    const rates = (await rateOf(connection)) === String(bytesPerSecond) ? [] : [{ [rateKey]: String(bytesPerSecond) }]
    await alterConfigs(connection, { changes: [...rates.map((set) => ({ ...wholeCluster, set })), ...named] })
  })
}

async function rateOf(connection: Connection): Promise<string | null | undefined> {
  const entries = (await fetchConfigs(connection, [wholeCluster], [rateKey])).get(wholeCluster.name) ?? []
  return entries.find(({ name }) => name === rateKey)?.value
}

/** Removes it wherever it is found but on the topics named, also what a run that was cut off has left. */
export async function liftThrottle(
  brokers: BrokerEndpoint[],
  { except = [] }: { except?: string[] } = {},
): Promise<void> {
  await withAnyBroker(brokers, async (connection) => {
    const throttled = (await throttledTopics(connection)).filter((name) => !except.includes(name))
    const topics = throttled.map((name) => ({ type: resourceTypes.topic, name, remove: [replicasKey] }))
    const whole = (await rateOf(connection)) === undefined ? [] : [{ ...wholeCluster, remove: [rateKey] }]
    await alterConfigs(connection, { changes: [...whole, ...topics] })
  })
}

const topicsAtOnce = 1_000

async function throttledTopics(connection: Connection): Promise<string[]> {
  const names = (await fetchTopics(connection, null)).flatMap(({ name }) => (name ? [name] : []))
  const throttled: string[] = []
  for (let start = 0; start < names.length; start += topicsAtOnce) {
    const resources = names.slice(start, start + topicsAtOnce).map((name) => ({ type: resourceTypes.topic, name }))
    const configs = await fetchConfigs(connection, resources, [replicasKey])
    for (const [name, entries] of configs) {
      if (entries.some(({ configSource }) => configSource === configSources.topic)) throttled.push(name)
    }
  }
  return throttled
}
