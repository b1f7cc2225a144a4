import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { withAnyBroker } from './any-broker.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, EffectiveSetting, SettingsAlteration } from './cluster.ts'
import {
  alterConfigs,
  configSources,
  configTypeNames,
  fetchConfigs,
  resourceTypes,
  type ConfigEntry,
} from './configs.ts'

/** Settings of brokers: those in force on one, and those that hold for the whole cluster until they are taken away. */
const limitMs = 3_000

export async function describeSettings(brokers: BrokerEndpoint[], kafkaId: number): Promise<EffectiveSetting[]> {
  const name = String(kafkaId)
  // A broker tells of itself only.
  const entries = await withBroker(brokerIn(brokers, kafkaId), limitMs, async (connection) => {
    return (await fetchConfigs(connection, [{ type: resourceTypes.broker, name }], null)).get(name) ?? []
  })
  return entries.map(settingFrom)
}

function brokerIn(brokers: BrokerEndpoint[], kafkaId: number): BrokerEndpoint {
  const broker = brokers.find((one) => one.kafkaId === kafkaId)
  if (broker) return broker
  throw new AppError('bug', 'Kafka.UnknownBroker', `Node ${kafkaId} is not among those to ask.`)
}

const sourceNames: Record<number, EffectiveSetting['source']> = {
  [configSources.broker]: 'dynamic-broker',
  [configSources.brokerDefault]: 'dynamic-default',
  [configSources.static]: 'static',
  [configSources.default]: 'default',
}

const settingFrom = ({ name, value, readOnly, configSource, isSensitive, configType }: ConfigEntry) => ({
  key: name,
  value: isSensitive ? null : (value ?? null),
  source: sourceNames[configSource] ?? 'other',
  isReadOnly: readOnly,
  isSecret: isSensitive,
  type: configTypeNames[configType] ?? 'unknown',
})

const wholeCluster = ''

export async function alterSettings(
  brokers: BrokerEndpoint[],
  { set, remove }: SettingsAlteration,
  { validateOnly = false, kafkaId }: { validateOnly?: boolean; kafkaId?: number } = {},
): Promise<void> {
  if (Object.keys(set).length + remove.length === 0) return
  const alter = (name: string) => (connection: Connection) =>
    alterConfigs(connection, { changes: [{ type: resourceTypes.broker, name, set, remove }], validateOnly })
  if (kafkaId === undefined) return await withAnyBroker(brokers, alter(wholeCluster))
  // A broker takes its own from itself only.
  await withBroker(brokerIn(brokers, kafkaId), limitMs, alter(String(kafkaId)))
}

const cordonedKey = 'cordoned.log.dirs'
const allDirectories = '*'

/** KIP-1066, Kafka 4.3: no new replica is placed on a cordoned broker. An older one does not know the key. */
export async function cordon(brokers: BrokerEndpoint[], kafkaId: number, isCordoned: boolean): Promise<boolean> {
  const known = await describeSettings(brokers, kafkaId)
  const present = known.find(({ key }) => key === cordonedKey)
  if (!present) return false
  if (isCordoned === (present.value === allDirectories)) return true
  const change = isCordoned ? { set: { [cordonedKey]: allDirectories } } : { remove: [cordonedKey] }
  try {
    await withBroker(brokerIn(brokers, kafkaId), limitMs, (connection) =>
      alterConfigs(connection, { changes: [{ type: resourceTypes.broker, name: String(kafkaId), ...change }] }),
    )
    return true
  } catch (error) {
    // The metadata version may be older than the program: then it cannot either.
    if (error instanceof AppError && error.code === 'Kafka.SettingRefused') return false
    throw error
  }
}
