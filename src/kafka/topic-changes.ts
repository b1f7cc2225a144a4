import { createPartitionsV3, createTopicsV7, deleteTopicsV6 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { placesForNew, type Seat } from '../domain/move-plan.ts'
import { refuse, withAnyBroker, type KafkaAnswer } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint, SettingsAlteration } from './cluster.ts'
import { alterConfigs, fetchConfigs, resourceTypes } from './configs.ts'
import type { NewTopic, Topic } from './resources.ts'
import { seenByAll } from './seen-by-all.ts'
import { findMetadata, findTopic, ownConfigs, topicIdFrom, uuidFrom } from './topics.ts'

/** Makes, changes and deletes topics. */

/** How long the controller may take, and a little longer for the way. */
const controllerMs = 10_000
const limitMs = 12_000

const unknownTopicId = 100
const alreadyThere = 36
const asTheClusterDoes = -1

type Trial = { validateOnly?: boolean }
/** See `KafkaResources`. */
type Placing = { seats?: Seat[] | undefined }

export async function createTopic(
  brokers: BrokerEndpoint[],
  wish: NewTopic,
  { validateOnly = false, seats }: Trial & Placing = {},
): Promise<string> {
  const { name, partitions, replicationFactor = asTheClusterDoes, configs } = wish
  const wanted = {
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  const topic = seats ? await placed(brokers, wanted, seats) : wanted
  let id = ''
  const doubt = await changeOnce(brokers, {
    send: (connection) => createTopicsV7.api.async(connection, [topic], controllerMs, validateOnly),
    accept(answer) {
      id = topicIdFrom(createdIn(answer, name).topicId)
    },
    async isSeen(connection) {
      const seen = await findMetadata(connection, { name })
      return seen !== undefined && seen.partitions.every(({ leaderId }) => leaderId >= 0)
    },
    validateOnly,
  })
  if (!doubt) return id
  const made = await findTopic(brokers, { name })
  if (made && isAsAsked(made, wish)) return made.id
  throw doubt
}

type CreateRequest = createTopicsV7.CreateTopicsRequestTopic

function createdIn(answer: unknown, name: string) {
  const made = (answer as createTopicsV7.CreateTopicsResponse).topics[0]!
  if (made.errorCode === alreadyThere) throw taken(name)
  if (made.errorCode !== 0) throw refuse(`create the topic ${name}`, 'Topic.Refused', made)
  return made
}

/** With a place for each replica Kafka wants both numbers to be -1. How many there would be, its answer to a trial tells. */
async function placed(brokers: BrokerEndpoint[], request: CreateRequest, seats: Seat[]): Promise<CreateRequest> {
  const { name: topic, numPartitions: count } = request
  const trial = await ask(brokers, (connection) => createTopicsV7.api.async(connection, [request], controllerMs, true))
  const places = placesForNew({ topic, standing: [], count, copies: createdIn(trial, topic).replicationFactor }, seats)
  const assignments = places.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
  return { ...request, numPartitions: -1, replicationFactor: -1, assignments }
}

const taken = (name: string) => new AppError('conflict', 'Topic.NameTaken', `There is a topic named "${name}" already.`)

function isAsAsked({ partitions, configs }: Topic, wish: NewTopic): boolean {
  const copies = wish.replicationFactor
  const own = new Map(Object.entries(configs))
  const wanted = Object.entries(wish.configs)
  return (
    partitions.length === wish.partitions &&
    partitions.every(({ replicas }) => copies === undefined || replicas.length === copies) &&
    own.size === wanted.length &&
    wanted.every(([key, value]) => isSameValue(own.get(key), value))
  )
}

/** Kafka reads a value before it keeps it, and writes it in its own way then: `delete, compact` as `delete,compact`. */
function isSameValue(told: string | undefined, asked: string): boolean {
  if (told === undefined) return false
  const plain = (value: string) => value.toLowerCase().replaceAll(/\s/g, '')
  return plain(told) === plain(asked) || (asked.trim() !== '' && Number(told) === Number(asked))
}

export async function growTopic(
  brokers: BrokerEndpoint[],
  topic: string,
  { partitions: count, seats }: Placing & { partitions: number },
): Promise<void> {
  const doubt = await changeOnce(brokers, {
    async send(connection) {
      const assignments = seats ? await placesToGrow(connection, { topic, count, seats }) : null
      return createPartitionsV3.api.async(connection, [{ name: topic, count, assignments }], controllerMs, false)
    },
    accept(answer) {
      const [grown] = (answer as createPartitionsV3.CreatePartitionsResponse).results
      if (grown!.errorCode !== 0) throw refuse(`add partitions to ${topic}`, 'Topic.Refused', grown!)
    },
    async isSeen(connection) {
      const seen = await findMetadata(connection, { name: topic })
      return !seen || seen.partitions.length >= count
    },
  })
  if (!doubt) return
  const grown = await findTopic(brokers, { name: topic })
  if (grown?.partitions.length !== count) throw doubt
}

type Change = Trial & {
  send(connection: Connection): Promise<unknown>
  /** Throws what Kafka refuses. */
  accept(answer: unknown): void
  isSeen(connection: Connection): Promise<boolean>
}

/**
 * A change that Kafka takes once, and refuses when it is there already. Resolves to the trouble that leaves open whether it was
 * made: a request whose answer was lost may have been heard, and then the next broker refuses it; or a node lags behind.
 */
async function changeOnce(
  brokers: BrokerEndpoint[],
  { send, accept, isSeen, validateOnly = false }: Change,
): Promise<unknown> {
  let sent = 0
  let doubt: unknown
  try {
    accept(
      await ask(brokers, (connection) => {
        sent++
        return send(connection)
      }),
    )
  } catch (error) {
    const mayBeMade = sent > 1 || (sent === 1 && error instanceof AppError && error.kind === 'unavailable')
    if (validateOnly || !mayBeMade) throw error
    doubt = error
  }
  if (validateOnly) return undefined
  const lag = await seenByAll(brokers, isSeen).catch((error: unknown) => error)
  return doubt ?? lag
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
    return (
      Object.entries(set).every(([key, value]) => isSameValue(own.get(key), value)) &&
      !remove.some((key) => own.has(key))
    )
  })
}

/** By its id: another topic may have been made of its name. */
export async function deleteTopic(brokers: BrokerEndpoint[], id: string): Promise<void> {
  const topicId = uuidFrom(id)
  if (!topicId) return
  const answer = await ask(brokers, (connection) =>
    deleteTopicsV6.api.async(connection, [{ name: null, topicId }], controllerMs),
  )
  const [gone] = (answer as deleteTopicsV6.DeleteTopicsResponse).responses
  if (gone!.errorCode === unknownTopicId) return
  if (gone!.errorCode !== 0) throw refuse(`delete the topic ${id}`, 'Topic.Refused', gone! satisfies KafkaAnswer)
  await seenByAll(brokers, async (connection) => !(await findMetadata(connection, { id })))
}

const ask = (brokers: BrokerEndpoint[], request: (connection: Connection) => Promise<unknown>): Promise<unknown> =>
  withAnyBroker(brokers, (connection) => request(connection).catch(responseOf), limitMs)
