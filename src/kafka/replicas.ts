import { describeLogDirsV4 } from '@platformatic/kafka'
import { withAnyBroker } from './any-broker.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, PartitionId, ReplicaState } from './cluster.ts'
import { fetchConfigs, resourceTypes } from './configs.ts'
import { fetchTopics } from './metadata.ts'

/** Every replica that the cluster has assigned, with its bytes; 0 where its broker does not tell. `only`: of these partitions. */
export async function replicas(brokers: BrokerEndpoint[], only?: PartitionId[]): Promise<ReplicaState[]> {
  const of = only ? sizesOf(only) : null
  const [topics, sizes] = await Promise.all([
    withAnyBroker(brokers, (connection) => fetchTopics(connection, of && of.map(({ topic }) => topic))),
    replicaSizes(brokers, of),
  ])
  const wanted = of && new Map(of.map(({ topic, partitions }) => [topic, new Set(partitions)]))
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ partitionIndex }) => !wanted || wanted.get(name ?? '')?.has(partitionIndex))
      .flatMap(({ partitionIndex, replicaNodes }) =>
        replicaNodes.map((kafkaId) => {
          const id = { topic: name ?? '', partition: partitionIndex }
          return { ...id, kafkaId, bytes: sizes.get(kafkaId)?.get(id.topic)?.get(partitionIndex) ?? 0 }
        }),
      ),
  )
}

const sizesOf = (only: PartitionId[]): NonNullable<SizesOf> =>
  [...Map.groupBy(only, ({ topic }) => topic)].map(([topic, own]) => {
    return { topic, partitions: own.map(({ partition }) => partition) }
  })

/** Bytes by topic, then by partition: there may be hundreds of thousands, too many for a key of text each. */
type Sizes = Map<string, Map<number, number>>

/** By Kafka id; a broker that does not tell is absent. */
export type ReplicaSizes = Map<number, Sizes>

/** Of all partitions, or of some. */
export type SizesOf = { topic: string; partitions: number[] }[] | null

const limitMs = 3_000

export async function replicaSizes(brokers: BrokerEndpoint[], of: SizesOf = null): Promise<ReplicaSizes> {
  const told = await Promise.all(
    brokers.map((broker) =>
      sizesOn(broker, of).then(
        (sizes): [number, Sizes][] => [[broker.kafkaId, sizes]],
        () => [],
      ),
    ),
  )
  return new Map(told.flat())
}

async function sizesOn(broker: BrokerEndpoint, of: SizesOf): Promise<Sizes> {
  const asked = of && of.map(({ topic, partitions }) => ({ name: topic, partitions }))
  const { results } = await withBroker(broker, limitMs, (connection) => describeLogDirsV4.api.async(connection, asked))
  const sizes: Sizes = new Map()
  for (const { name, partitions } of results.flatMap(({ topics }) => topics)) {
    // The partitions of a topic may lie in several folders.
    const own = sizes.get(name) ?? new Map<number, number>()
    for (const { partitionIndex, partitionSize, isFutureKey } of partitions) {
      if (!isFutureKey) own.set(partitionIndex, Number(partitionSize))
    }
    sizes.set(name, own)
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
