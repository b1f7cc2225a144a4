import { createHash } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { kafkaUuidFrom } from '../../domain/id.ts'
import type { ClusterResources, NewTopic, PartitionPlace, Topic, TopicSummary } from '../../kafka/resources.ts'
import type { Found, HeldTopic, Look } from './simulated-holdings.ts'
import { refuseTopicSettings, topicSettingsOf, usualSetting } from './simulated-topic-settings.ts'

type Topics = Pick<
  ClusterResources,
  | 'listTopics'
  | 'findTopic'
  | 'describePartitions'
  | 'describeTopicSettings'
  | 'usualCleanupPolicy'
  | 'createTopic'
  | 'growTopic'
  | 'alterTopic'
  | 'deleteTopic'
>

const bytesOfARecord = 1024
const usualReplicas = 3

export const simulatedTopics = (look: Look): Topics => ({
  listTopics: () =>
    look((found) =>
      [...found.holdings.topics.values()]
        .map((topic) => summaryOf(topic, found))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    ),
  findTopic: (by) =>
    look((found) => {
      const topic =
        'name' in by
          ? found.holdings.topics.get(by.name)
          : [...found.holdings.topics.values()].find(({ id }) => id === by.id)
      return topic && viewOf(topic, found)
    }),
  describePartitions: (name) =>
    look((found) => {
      const topic = found.holdings.topics.get(name)
      if (!topic) return []
      const told = { startOffset: 0, endOffset: topic.records, bytes: topic.records * bytesOfARecord }
      return placesOf(topic, found).map((place) => ({ ...place, ...told }))
    }),
  describeTopicSettings: (name) =>
    look(({ holdings }) => {
      const topic = holdings.topics.get(name)
      return topic ? topicSettingsOf(topic.configs) : []
    }),
  usualCleanupPolicy: () => look(({ cleanupPolicy }) => cleanupPolicy),
  createTopic: (topic, { validateOnly = false } = {}) =>
    look((found) => {
      const made = newTopic(topic, found)
      if (validateOnly) return ''
      found.holdings.topics.set(topic.name, made)
      return made.id
    }),
  growTopic: (name, partitions) =>
    look((found) => {
      const topic = held(found, name)
      const before = topic.places.length
      if (partitions <= before) {
        throw refused(`Kafka does not add partitions to ${name}: The topic currently has ${before} partition(s).`)
      }
      const copies = topic.places[0]!.replicas.length
      const more = Array.from({ length: partitions - before }, (_, index) =>
        placeFor(before + index, copies, found.brokers),
      )
      topic.places.push(...more)
    }),
  alterTopic: (name, { set, remove }, { validateOnly = false } = {}) =>
    look((found) => {
      const topic = held(found, name)
      refuseTopicSettings(set, 'Kafka.SettingRefused')
      if (validateOnly) return
      for (const key of remove) delete topic.configs[key]
      Object.assign(topic.configs, set)
    }),
  deleteTopic: (topicId) =>
    look(({ holdings }) => {
      for (const { id, name } of holdings.topics.values()) if (id === topicId) holdings.topics.delete(name)
    }),
})

function newTopic({ name, partitions, replicationFactor, configs }: NewTopic, { holdings, brokers }: Found): HeldTopic {
  if (holdings.topics.has(name)) {
    throw new AppError('conflict', 'Topic.NameTaken', `There is a topic named "${name}" already.`)
  }
  refuseTopicSettings(configs, 'Topic.Refused')
  const copies = replicationFactor ?? Math.min(usualReplicas, brokers.length)
  if (copies > brokers.length) {
    throw refused(`Kafka does not create the topic ${name}: there are only ${brokers.length} brokers.`)
  }
  const places = Array.from({ length: partitions }, (_, index) => placeFor(index, copies, brokers))
  // The same name gives the same id: a new topic of an old name is told apart by nobody here.
  const id = kafkaUuidFrom(createHash('sha256').update(name).digest())
  return { id, name, places, configs: { ...configs }, records: 0 }
}

const placeFor = (partition: number, copies: number, brokers: number[]) => ({
  partition,
  replicas: Array.from({ length: copies }, (_, index) => brokers[(partition + index) % brokers.length]!),
})

function held({ holdings }: Found, name: string): HeldTopic {
  const topic = holdings.topics.get(name)
  if (!topic) throw refused(`Kafka does not know the topic ${name}.`)
  return topic
}

const refused = (message: string) => new AppError('invalid', 'Topic.Refused', message)

const placesOf = (topic: HeldTopic, { up }: Found): PartitionPlace[] =>
  topic.places.map(({ partition, replicas }) => {
    const inSync = replicas.filter((kafkaId) => up.includes(kafkaId))
    return { partition, leader: inSync[0] ?? -1, replicas, inSync }
  })

const viewOf = (topic: HeldTopic, found: Found): Topic => ({
  id: topic.id,
  name: topic.name,
  partitions: placesOf(topic, found),
  configs: { ...topic.configs },
})

function summaryOf(topic: HeldTopic, found: Found): TopicSummary {
  const places = placesOf(topic, found)
  const valueOf = (key: string) => topic.configs[key] ?? usualSetting(key)
  const copies = topic.places[0]?.replicas.length ?? 0
  return {
    id: topic.id,
    name: topic.name,
    partitions: places.length,
    replicationFactor: copies,
    underReplicated: places.filter(({ replicas, inSync }) => inSync.length < replicas.length).length,
    offline: places.filter(({ leader }) => leader < 0).length,
    bytes: places.length * copies * topic.records * bytesOfARecord,
    endOffsets: places.length * topic.records,
    retentionMs: Number(valueOf('retention.ms')),
    cleanupPolicy: topic.configs['cleanup.policy'] ?? found.cleanupPolicy,
  }
}
