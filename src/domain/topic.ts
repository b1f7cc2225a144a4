import type { FieldProblem } from './errors.ts'

/** What a topic may be, whoever asks: the form, the API and the command line. */
export const partitionLimits = { least: 1, most: 1024, usual: 16 }
export const longestTopicName = 249

const topicName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/

export function topicNameProblem(name: string): string | undefined {
  if (name.startsWith('__')) return 'A name that begins with "__" belongs to Kafka and to Millrace.'
  if (name.length > longestTopicName) return `A topic's name has at most ${longestTopicName} characters.`
  if (topicName.test(name)) return undefined
  return 'A topic\'s name holds letters, digits, ".", "_" and "-", and begins and ends with a letter or a digit.'
}

const internalTopics = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
  '__millrace_canary',
])

/**
 * Kafka's own, and Millrace's canary: everybody may look at them, nobody changes them here, and they are not counted. Others that
 * begin with `__` were made by the team's own programs.
 */
export const isInternalTopic = (name: string): boolean => internalTopics.has(name)

export function partitionProblem(count: number): string | undefined {
  const { least, most } = partitionLimits
  const isRight = Number.isInteger(count) && count >= least && count <= most
  return isRight ? undefined : `A topic has ${least} to ${most.toLocaleString('en')} partitions.`
}

/** Kafka cannot take a partition away: its records would be lost. */
export function growthProblem(from: number, to: number): string | undefined {
  if (to < from) return `The topic has ${from} partitions, and Kafka cannot take one away.`
  return partitionProblem(to)
}

/** What partitions are told apart by. */
export const partitionKey = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic} ${partition}`

/** What everybody must know who is about to do it. */
export const growthWarning =
  'Records with a key go to another partition than before: whoever needs them in order by key sees old and new apart.'

export type TopicConfigs = Record<string, string>

const cleanupKey = 'cleanup.policy'

/**
 * A new topic's settings with `compactStrategy`, the other way to say `cleanup.policy`: `COMPACT,DELETE` is `compact,delete`.
 * `usual`: what holds for topics that say nothing.
 */
export function withStrategy(configs: TopicConfigs, strategy: string | undefined, usual: string): TopicConfigs {
  if (!isLeftToStrategy(configs, strategy)) return configs
  // Said again where it holds anyway, it would outlive a change of what holds for all topics.
  return samePolicy(strategy, usual) ? configs : { ...configs, [cleanupKey]: strategy.toLowerCase() }
}

/** Nothing else says how the topic is cleaned up. */
export const isLeftToStrategy = (configs: TopicConfigs, strategy: string | undefined): strategy is string =>
  strategy !== undefined && configs[cleanupKey] === undefined

/** The strategy must be one that Kafka has, or say what the settings say. */
export function strategyProblem(configs: TopicConfigs, strategy: string | undefined): string | undefined {
  if (strategy === undefined) return undefined
  const given = configs[cleanupKey]
  if (given !== undefined) {
    return samePolicy(strategy, given) ? undefined : `compactStrategy says ${strategy}, and cleanup.policy ${given}.`
  }
  if (['delete', 'compact', 'compact,delete'].includes(policies(strategy))) return undefined
  return 'A strategy is DELETE, COMPACT or COMPACT,DELETE.'
}

/** What a request names twice, at the second: nobody could say which of them is meant. */
export function repeatedKeys(configs: readonly { key: string }[]): FieldProblem[] {
  const seen = new Set<string>()
  return configs.flatMap(({ key }, index) => {
    const isTwice = seen.has(key)
    seen.add(key)
    return isTwice ? [{ path: `configs.${index}.key`, message: `"${key}" is given twice.` }] : []
  })
}

const samePolicy = (one: string, other: string): boolean => policies(one) === policies(other)

const policies = (list: string): string =>
  list
    .toLowerCase()
    .split(',')
    .map((policy) => policy.trim())
    .toSorted()
    .join()
