import { describeConfigsV4 } from '@platformatic/kafka'
import { withAnyBroker } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { configSources, configTypeNames, fetchConfigs, resourceTypes, type ConfigEntry } from './configs.ts'
import { plainWords } from './plain-words.ts'
import type { TopicSetting } from './resources.ts'

const sourceNames: Record<number, TopicSetting['source']> = {
  [configSources.topic]: 'topic',
  [configSources.broker]: 'dynamic-broker',
  [configSources.brokerDefault]: 'dynamic-default',
  [configSources.static]: 'static',
  [configSources.default]: 'default',
}

/** Everything that can be set for a topic, with what Kafka says of it. A topic that is gone has no settings. */
export async function describeTopicSettings(brokers: BrokerEndpoint[], topic: string): Promise<TopicSetting[]> {
  const resource = { resourceType: resourceTypes.topic, resourceName: topic, configurationKeys: null }
  const { results } = await withAnyBroker(brokers, (connection) =>
    describeConfigsV4.api
      .async(connection, [resource], true, true)
      .catch((error: unknown) => responseOf(error) as describeConfigsV4.DescribeConfigsResponse),
  )
  const entries = results.flatMap(({ configs }) => configs)
  return entries.map(settingFrom).toSorted((one, other) => (one.key < other.key ? -1 : 1))
}

/** As the first broker that answers has it: a broker tells of itself only. */
export async function usualCleanupPolicy(brokers: BrokerEndpoint[]): Promise<string> {
  return await withAnyBroker(brokers, async (connection, { kafkaId }) => {
    const name = String(kafkaId)
    const told = await fetchConfigs(connection, [{ type: resourceTypes.broker, name }], ['log.cleanup.policy'])
    return told.get(name)?.[0]?.value ?? kafkasOwn
  })
}

const kafkasOwn = 'delete'

function settingFrom(entry: ConfigEntry): TopicSetting {
  const { name, value, isSensitive, configSource, synonyms, configType, readOnly, documentation } = entry
  // In the order in which they hold.
  const next = synonyms.find(({ source }) => source !== configSources.topic)
  return {
    key: name,
    value: isSensitive ? null : (value ?? null),
    source: sourceNames[configSource] ?? 'other',
    otherwise: isSensitive ? null : (next?.value ?? null),
    type: configTypeNames[configType] ?? 'unknown',
    isReadOnly: readOnly,
    documentation: plainWords(documentation),
  }
}
