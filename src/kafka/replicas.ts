import { describeLogDirsV4 } from '@platformatic/kafka'
import { withAnyBroker } from './any-broker.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, ReplicaState } from './cluster.ts'
import { fetchConfigs, resourceTypes } from './configs.ts'
import { fetchTopics } from './metadata.ts'

/** Every replica that the cluster has assigned, with its bytes; 0 where its broker does not tell. */
export async function replicas(brokers: BrokerEndpoint[]): Promise<ReplicaState[]> {
  const [topics, ...shares] = await Promise.all([
    withAnyBroker(brokers, (connection) => fetchTopics(connection, null)),
    ...brokers.map((broker) => sizesOn(broker).catch(() => new Map<string, number>())),
  ])
  const sizes = new Map(brokers.map(({ kafkaId }, index) => [kafkaId, shares[index]!]))
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partitionIndex, replicaNodes }) =>
      replicaNodes.map((kafkaId) => {
        const bytes = sizes.get(kafkaId)?.get(`${partitionIndex} ${name}`) ?? 0
        return { topic: name ?? '', partition: partitionIndex, kafkaId, bytes }
      }),
    ),
  )
}

const limitMs = 3_000

async function sizesOn(broker: BrokerEndpoint): Promise<Map<string, number>> {
  const { results } = await withBroker(broker, limitMs, (connection) => describeLogDirsV4.api.async(connection, null))
  const sizes = new Map<string, number>()
  for (const { name, partitions } of results.flatMap(({ topics }) => topics)) {
    for (const { partitionIndex, partitionSize, isFutureKey } of partitions) {
      if (!isFutureKey) sizes.set(`${partitionIndex} ${name}`, Number(partitionSize))
    }
  }
  return sizes
}

const minInSyncKey = 'min.insync.replicas'
const topicsAtOnce = 1_000

/** `min.insync.replicas` in force for every topic, internal ones too. */
export async function minInSync(brokers: BrokerEndpoint[]): Promise<Map<string, number>> {
  return await withAnyBroker(brokers, async (connection) => {
    const names = (await fetchTopics(connection, null)).flatMap(({ name }) => (name ? [name] : []))
    const found = new Map<string, number>()
    for (let start = 0; start < names.length; start += topicsAtOnce) {
      const resources = names.slice(start, start + topicsAtOnce).map((name) => ({ type: resourceTypes.topic, name }))
      const configs = await fetchConfigs(connection, resources, [minInSyncKey])
      for (const [name, entries] of configs) found.set(name, Number(entries[0]?.value ?? 1))
    }
    return found
  })
}
