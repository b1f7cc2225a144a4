import { createPartitionsV3, createTopicsV7, deleteTopicsV6 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { refuse, withAnyBroker, type KafkaAnswer } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint, SettingsAlteration } from './cluster.ts'
import { alterConfigs, fetchConfigs, resourceTypes } from './configs.ts'
import type { NewTopic } from './resources.ts'
import { seenByAll } from './seen-by-all.ts'
import { findMetadata, ownConfigs } from './topics.ts'

/** Makes, changes and deletes topics. */

/** How long the controller may take, and a little longer for the way. */
const controllerMs = 10_000
const limitMs = 12_000

const unknownTopic = 3
const alreadyThere = 36
const asTheClusterDoes = -1

type Trial = { validateOnly?: boolean }

export async function createTopic(
  brokers: BrokerEndpoint[],
  { name, partitions, replicationFactor = asTheClusterDoes, configs }: NewTopic,
  { validateOnly = false }: Trial = {},
): Promise<string> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  const answer = await ask(brokers, (connection) =>
    createTopicsV7.api.async(connection, [topic], controllerMs, validateOnly),
  )
  const [made] = (answer as createTopicsV7.CreateTopicsResponse).topics
  if (made!.errorCode === alreadyThere) throw taken(name)
  if (made!.errorCode !== 0) throw refuse(`create the topic ${name}`, 'Topic.Refused', made!)
  if (validateOnly) return ''
  await seenByAll(brokers, async (connection) => {
    const seen = await findMetadata(connection, { name })
    return seen?.partitions.length === partitions && seen.partitions.every(({ leaderId }) => leaderId >= 0)
  })
  return Buffer.from(made!.topicId.replaceAll('-', ''), 'hex').toString('base64url')
}

const taken = (name: string) => new AppError('conflict', 'Topic.NameTaken', `There is a topic named "${name}" already.`)

export async function growTopic(brokers: BrokerEndpoint[], topic: string, count: number): Promise<void> {
  const answer = await ask(brokers, (connection) =>
    createPartitionsV3.api.async(connection, [{ name: topic, count, assignments: null }], controllerMs, false),
  )
  const [grown] = (answer as createPartitionsV3.CreatePartitionsResponse).results
  if (grown!.errorCode !== 0) throw refuse(`add partitions to ${topic}`, 'Topic.Refused', grown!)
  await seenByAll(brokers, async (connection) => {
    const seen = await findMetadata(connection, { name: topic })
    return !seen || seen.partitions.length >= count
  })
}

export async function alterTopic(
  brokers: BrokerEndpoint[],
  { topic, set, remove, validateOnly = false }: SettingsAlteration & Trial & { topic: string },
): Promise<void> {
  const resource = { type: resourceTypes.topic, name: topic }
  await withAnyBroker(brokers, (connection) =>
    alterConfigs(connection, { changes: [{ ...resource, set, remove }], validateOnly }),
  )
  if (validateOnly) return
  await seenByAll(brokers, async (connection) => {
    // A map: a key may be called as something that every object has.
    const own = new Map(Object.entries(ownConfigs((await fetchConfigs(connection, [resource], null)).get(topic))))
    return Object.entries(set).every(([key, value]) => own.get(key) === value) && !remove.some((key) => own.has(key))
  })
}

export async function deleteTopic(brokers: BrokerEndpoint[], topic: string): Promise<void> {
  const answer = await ask(brokers, (connection) =>
    deleteTopicsV6.api.async(connection, [{ name: topic }], controllerMs),
  )
  const [gone] = (answer as deleteTopicsV6.DeleteTopicsResponse).responses
  if (gone!.errorCode === unknownTopic) return
  if (gone!.errorCode !== 0) throw refuse(`delete the topic ${topic}`, 'Topic.Refused', gone! satisfies KafkaAnswer)
  await seenByAll(brokers, async (connection) => !(await findMetadata(connection, { name: topic })))
}

const ask = (brokers: BrokerEndpoint[], request: (connection: Connection) => Promise<unknown>): Promise<unknown> =>
  withAnyBroker(brokers, (connection) => request(connection).catch(responseOf), limitMs)
