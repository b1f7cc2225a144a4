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
  const whole = { ...wholeCluster, set: { [rateKey]: String(bytesPerSecond) } }
  await withAnyBroker(brokers, async (connection) => {
    // Each change makes every node build what it applies to anew, all partitions of a topic or its whole configuration, and log it.
    // Clients feel that, so what is set already is not set again.
    const found = await fetchConfigs(connection, [whole, ...named], [rateKey, replicasKey])
    const isSet = ({ name, set }: { name: string; set: Record<string, string> }) =>
      found.get(name)?.some((entry) => set[entry.name] === entry.value) ?? false
    await alterConfigs(connection, { changes: [whole, ...named].filter((change) => !isSet(change)) })
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
