import type { Connection } from '@platformatic/kafka'
import { withAnyBroker } from './any-broker.ts'
import type { BrokerEndpoint, Throttle } from './cluster.ts'
import { alterConfigs, configSources, fetchConfigs, resourceTypes, type Resource } from './configs.ts'
import { fetchTopics } from './metadata.ts'

/**
 * Slows the copying of replicas, never that of replicas in sync: the rates hold for the whole cluster, and only for the
 * replicas that the topics name.
 */
const rateKeys = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate']
const leaderReplicas = 'leader.replication.throttled.replicas'
const followerReplicas = 'follower.replication.throttled.replicas'
const throttledReplicas = [leaderReplicas, followerReplicas]

const wholeCluster: Resource = { type: resourceTypes.broker, name: '' }

export async function throttleMoves(
  brokers: BrokerEndpoint[],
  { bytesPerSecond, moves, free = [] }: Throttle,
): Promise<void> {
  const rates = Object.fromEntries(rateKeys.map((key) => [key, String(bytesPerSecond)]))
  const topics = [...Map.groupBy(moves, ({ topic }) => topic)].map(([name, own]) => ({
    type: resourceTypes.topic,
    name,
    set: {
      [leaderReplicas]: own.flatMap(({ partition, from }) => from.map((id) => `${partition}:${id}`)).join(),
      [followerReplicas]: own
        .flatMap(({ partition, from, to }) => to.filter((id) => !from.includes(id)).map((id) => `${partition}:${id}`))
        .join(),
    },
  }))
  const named = topics.filter(({ set }) => set[followerReplicas] !== '')
  const freed = free.map((name) => ({ type: resourceTypes.topic, name, remove: throttledReplicas }))
  if (named.length + freed.length === 0) return
  await withAnyBroker(brokers, async (connection) => {
    // Each change of a cluster-wide setting makes every node parse and log its whole configuration, which clients feel.
    const whole = (await hasRates(connection, bytesPerSecond)) ? [] : [{ ...wholeCluster, set: rates }]
    await alterConfigs(connection, { changes: [...whole, ...named, ...freed] })
  })
}

async function hasRates(connection: Connection, bytesPerSecond: number): Promise<boolean> {
  const entries = (await fetchConfigs(connection, [wholeCluster], rateKeys)).get(wholeCluster.name) ?? []
  return rateKeys.every((key) => entries.some(({ name, value }) => name === key && value === String(bytesPerSecond)))
}

/** Removes it wherever it is found but on the topics named, also what a run that was cut off has left. */
export async function liftThrottle(
  brokers: BrokerEndpoint[],
  { except = [] }: { except?: string[] } = {},
): Promise<void> {
  await withAnyBroker(brokers, async (connection) => {
    const throttled = (await throttledTopics(connection)).filter((name) => !except.includes(name))
    const topics = throttled.map((name) => ({
      type: resourceTypes.topic,
      name,
      remove: throttledReplicas,
    }))
    const rates = (await fetchConfigs(connection, [wholeCluster], rateKeys)).get(wholeCluster.name) ?? []
    const whole = rates.length > 0 ? [{ ...wholeCluster, remove: rateKeys }] : []
    await alterConfigs(connection, { changes: [...whole, ...topics] })
  })
}

const topicsAtOnce = 1_000

async function throttledTopics(connection: Connection): Promise<string[]> {
  const names = (await fetchTopics(connection, null)).flatMap(({ name }) => (name ? [name] : []))
  const throttled: string[] = []
  for (let start = 0; start < names.length; start += topicsAtOnce) {
    const resources = names.slice(start, start + topicsAtOnce).map((name) => ({ type: resourceTypes.topic, name }))
    const configs = await fetchConfigs(connection, resources, throttledReplicas)
    for (const [name, entries] of configs) {
      if (entries.some(({ configSource }) => configSource === configSources.topic)) throttled.push(name)
    }
  }
  return throttled
}
