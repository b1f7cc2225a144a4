import { isSecretName } from './kafka-settings.ts'

/** What one Kafka version says of each setting of a broker. */
export type SettingCatalogue = { version: string; definitions: ReadonlyMap<string, SettingDefinition> }

export type SettingDefinition = {
  key: string
  type: SettingType
  /** Kafka's own; null: there is none. */
  default: string | null
  range: SettingRange | null
  importance: 'high' | 'medium' | 'low'
  /** How Kafka takes a new value while it runs. `per-broker`: only for one broker at a time. */
  updateMode: 'read-only' | 'per-broker' | 'cluster-wide'
  isSecret: boolean
  documentation: string
}

export const settingTypes = [
  'boolean',
  'int',
  'long',
  'short',
  'double',
  'string',
  'list',
  'class',
  'password',
] as const
export type SettingType = (typeof settingTypes)[number]

export type SettingRange = {
  least?: number
  most?: number
  /** A number outside that is right too. */
  also?: number
  oneOf?: string[]
  ignoresCase?: boolean
  notEmpty?: boolean
}

/** For people, such as `from 1 to 9, or -1`; null: anything of its type. */
export function rangeWords(range: SettingRange | null): string | null {
  if (!range) return null
  const { least, most, also, oneOf, notEmpty } = range
  if (oneOf) return `one of ${oneOf.join(', ')}`
  if (notEmpty) return 'not empty'
  const end = also === undefined ? '' : `, or ${also}`
  if (least !== undefined && most !== undefined) return `from ${least} to ${most}${end}`
  if (least !== undefined) return `at least ${least}${end}`
  return most === undefined ? null : `at most ${most}${end}`
}

/**
 * Kafka takes these while it runs, but not any value: a pool of threads may at most double or halve in one change, and the
 * providers of values are asked when the file is read. They go the sure way, by a restart.
 */
const byRestart = new Set([
  'background.threads',
  'config.providers',
  'log.cleaner.threads',
  'num.io.threads',
  'num.network.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.fetchers',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.follower.thread.pool.size',
  'remote.log.reader.threads',
])

/**
 * Can all brokers be given it at once while they run? What Kafka takes only for one broker at a time (listeners, their keys)
 * is for us like what it does not take: it is in the nodes' files.
 */
export function isDynamic(key: string, { definitions }: SettingCatalogue): boolean {
  return definitions.get(key)?.updateMode === 'cluster-wide' && !byRestart.has(key)
}

export function isSecretSetting(key: string, { definitions }: SettingCatalogue): boolean {
  return definitions.get(key)?.isSecret ?? isSecretName(key)
}
