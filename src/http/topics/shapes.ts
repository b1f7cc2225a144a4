import { z } from '@hono/zod-openapi'
import { isTooLong, lengthRule, longestValue } from '../../domain/setting-value.ts'
import { partitionLimits } from '../../domain/topic.ts'
import type { KnownTopic, PartitionReading, Topic, TopicSetting } from '../../services/topics/read-topics.ts'

/** Topics as the wire shows them. `partition` is how many there are: the contract's word. */
export const TopicShape = z
  .object({
    topicId: z.string().openapi({ description: "Kafka's own" }),
    name: z.string(),
    partition: z.number().int(),
    configs: z.record(z.string(), z.string()).openapi({ description: 'What was set for this topic' }),
    replicationFactor: z.number().int(),
    underReplicated: z.number().int().openapi({ description: 'Partitions of which a replica is behind' }),
    offline: z.number().int().openapi({ description: 'Partitions that nobody leads' }),
  })
  .openapi('Topic')

export function topicView({ id, name, partitions, configs }: Topic): z.input<typeof TopicShape> {
  return {
    topicId: id,
    name,
    partition: partitions.length,
    configs,
    replicationFactor: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
    underReplicated: partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length,
    offline: partitions.filter(({ leader }) => leader < 0).length,
  }
}

export const ListedTopicShape = TopicShape.omit({ configs: true })
  .extend({
    size: z.number().int().nullable().openapi({ description: 'Bytes over all replicas; null: not told' }),
    retentionMs: z.number().int().nullable().openapi({ description: 'In force; -1: for ever; null: not told' }),
    cleanupPolicy: z.string().nullable(),
    messagesPerSecond: z
      .number()
      .nullable()
      .openapi({ description: 'Written between the last two looks at it; null: not known yet' }),
  })
  .openapi('ListedTopic')

export function listedTopicView(topic: KnownTopic): z.input<typeof ListedTopicShape> {
  const { id, partitions, bytes, endOffsets: _ends, ...others } = topic
  return { topicId: id, partition: partitions, size: bytes, ...others }
}

export const PartitionShape = z
  .object({
    partition: z.number().int(),
    leader: z.number().int().nullable().openapi({ description: 'Kafka id of the node; null: nobody leads' }),
    replicas: z.array(z.number().int()).openapi({ description: 'The first leads in quiet times' }),
    inSync: z.array(z.number().int()),
    startOffset: z.number().int().nullable(),
    endOffset: z.number().int().nullable(),
    size: z.number().int().nullable().openapi({ description: "Bytes of the leader's copy; null: not told" }),
  })
  .openapi('Partition')

export function partitionView({ leader, bytes, ...others }: PartitionReading): z.input<typeof PartitionShape> {
  return { ...others, leader: leader < 0 ? null : leader, size: bytes }
}

export const TopicSettingShape = z
  .object({
    key: z.string(),
    value: z.string().nullable().openapi({ description: 'In force; null: a secret' }),
    source: z.enum(['topic', 'dynamic-broker', 'dynamic-default', 'static', 'default', 'other']),
    otherwise: z
      .string()
      .nullable()
      .openapi({ description: "What holds without the topic's own; null: Kafka does not tell" }),
    type: z.string(),
    isReadOnly: z.boolean(),
    documentation: z.string().openapi({ description: "Kafka's own" }),
  })
  .openapi('TopicSetting')

export const topicSettingView = (setting: TopicSetting): z.input<typeof TopicSettingShape> => setting

const { least, most } = partitionLimits
const countRule = `A topic has ${least} to ${most.toLocaleString('en')} partitions.`

export const partitionCount = z.int(countRule).min(least, countRule).max(most, countRule)

const keyRule = 'A setting\'s key has letters, digits, ".", "_" and "-", as retention.ms.'
export const configKey = z.string('A setting has a key.').regex(/^[A-Za-z][A-Za-z0-9._-]{0,255}$/, keyRule)

export const configValue = z
  .string('The value of a setting is a text.')
  .max(longestValue, lengthRule)
  .refine((text) => !isTooLong(text), lengthRule)

/** More than Kafka has for topics. */
const mostConfigs = 200
const configsRule = 'configs is a list of key and value.'
export const keyAndValue = 'A setting is {key, value}.'
export const configList = <T extends z.ZodType>(config: T) =>
  z.array(config, configsRule).max(mostConfigs, `At most ${mostConfigs} settings at once.`)

export const theBodyIsAnObject = 'The body is a JSON object.'
