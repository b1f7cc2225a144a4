import type { FieldProblem } from './errors.ts'

/** What a topic may be, whoever asks: the form, the API and the command line. */
export const partitionLimits = { least: 1, most: 1024, usual: 16 }
export const longestTopicName = 249

const topicName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/

export function topicNameProblem(name: string): string | undefined {
  if (isInternalTopic(name)) return 'A name that begins with "__" belongs to Kafka and to Millrace.'
  if (name.length > longestTopicName) return `A topic's name has at most ${longestTopicName} characters.`
  if (topicName.test(name)) return undefined
  return 'A topic\'s name holds letters, digits, ".", "_" and "-", and begins and ends with a letter or a digit.'
}

/** Kafka's own, and Millrace's canary: everybody may look at them, nobody changes them here. */
export const isInternalTopic = (name: string): boolean => name.startsWith('__')

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
 * Nothing: the two contradict each other.
 */
export function withStrategy(configs: TopicConfigs, strategy: string | undefined): TopicConfigs | undefined {
  const policy = strategy?.toLowerCase()
  const given = configs[cleanupKey]
  if (policy === undefined || (given !== undefined && samePolicy(policy, given))) return configs
  if (given !== undefined) return undefined
  // Kafka deletes unless told otherwise: said again, it would outlive a change of what holds for all topics.
  return policy === 'delete' ? configs : { ...configs, [cleanupKey]: policy }
}

/** Where nothing else says how a topic is cleaned up, the strategy must be one that Kafka has. */
export function strategyProblem(configs: TopicConfigs, strategy: string | undefined): string | undefined {
  const isDecided = strategy === undefined || configs[cleanupKey] !== undefined
  if (isDecided || ['delete', 'compact', 'compact,delete'].includes(policies(strategy))) return undefined
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
