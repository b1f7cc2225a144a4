import { createPartitionsV3, createTopicsV7, deleteTopicsV6 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { placesForNew, type Seat } from '../domain/move-plan.ts'
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
/** See `KafkaResources`. */
type Placing = { seats?: Seat[] | undefined }

export async function createTopic(
  brokers: BrokerEndpoint[],
  topic: NewTopic,
  { validateOnly = false, seats }: Trial & Placing = {},
): Promise<string> {
  const { name, partitions, configs } = topic
  const wanted = {
    name,
    numPartitions: partitions,
    replicationFactor: topic.replicationFactor ?? asTheClusterDoes,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  const request = seats ? await placed(brokers, wanted, seats) : wanted
  const made = await askToCreate(brokers, request, validateOnly)
  if (validateOnly) return ''
  await seenByAll(brokers, async (connection) => {
    const seen = await findMetadata(connection, { name })
    return seen?.partitions.length === partitions && seen.partitions.every(({ leaderId }) => leaderId >= 0)
  })
  return Buffer.from(made.topicId.replaceAll('-', ''), 'hex').toString('base64url')
}

type CreateRequest = createTopicsV7.CreateTopicsRequestTopic

async function askToCreate(brokers: BrokerEndpoint[], request: CreateRequest, validateOnly: boolean) {
  const answer = await ask(brokers, (connection) =>
    createTopicsV7.api.async(connection, [request], controllerMs, validateOnly),
  )
  const made = (answer as createTopicsV7.CreateTopicsResponse).topics[0]!
  if (made.errorCode === alreadyThere) throw taken(request.name)
  if (made.errorCode !== 0) throw refuse(`create the topic ${request.name}`, 'Topic.Refused', made)
  return made
}

/** With a place for each replica Kafka wants both numbers to be -1. How many there would be, its answer to a trial tells. */
async function placed(brokers: BrokerEndpoint[], request: CreateRequest, seats: Seat[]): Promise<CreateRequest> {
  const { name: topic, numPartitions: count } = request
  const { replicationFactor: copies } = await askToCreate(brokers, request, true)
  const places = placesForNew({ topic, standing: [], count, copies }, seats)
  const assignments = places.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
  return { ...request, numPartitions: -1, replicationFactor: -1, assignments }
}

const taken = (name: string) => new AppError('conflict', 'Topic.NameTaken', `There is a topic named "${name}" already.`)

export async function growTopic(
  brokers: BrokerEndpoint[],
  topic: string,
  { partitions: count, seats }: Placing & { partitions: number },
): Promise<void> {
  const answer = await ask(brokers, async (connection) => {
    const assignments = seats ? await placesToGrow(connection, { topic, count, seats }) : null
    return createPartitionsV3.api.async(connection, [{ name: topic, count, assignments }], controllerMs, false)
  })
  const [grown] = (answer as createPartitionsV3.CreatePartitionsResponse).results
  if (grown!.errorCode !== 0) throw refuse(`add partitions to ${topic}`, 'Topic.Refused', grown!)
  await seenByAll(brokers, async (connection) => {
    const seen = await findMetadata(connection, { name: topic })
    return !seen || seen.partitions.length >= count
  })
}

async function placesToGrow(
  connection: Connection,
  { topic, count, seats }: { topic: string; count: number; seats: Seat[] },
): Promise<{ brokerIds: number[] }[] | null> {
  const { partitions = [] } = (await findMetadata(connection, { name: topic })) ?? {}
  const standing = partitions.map(({ partitionIndex, replicaNodes }) => {
    return { topic, partition: partitionIndex, replicas: replicaNodes, sizeBytes: 0 }
  })
  // What Kafka refuses, it refuses in its own words.
  if (count <= standing.length || standing.length === 0) return null
  const copies = standing[0]!.replicas.length
  const places = placesForNew({ topic, standing, count: count - standing.length, copies }, seats)
  return places.map((brokerIds) => ({ brokerIds }))
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
