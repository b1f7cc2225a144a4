import { fetchV13, produceV9 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CanaryFailure, type CanaryTally } from '../domain/canary.ts'
import { AppError } from '../domain/errors.ts'
import { brokerTrouble, withBroker } from './broker-connection.ts'
import { canaryTopicName, ensureCanaryTopic } from './canary-topic.ts'
import type { BrokerEndpoint, CanaryProof } from './cluster.ts'
import type { Partition, Topic } from './metadata.ts'

/**
 * Proves that a cluster does its work: one record to every partition of the canary topic, acknowledged by all in-sync
 * replicas, and read back at the very offset it was given.
 */
export async function canary(brokers: BrokerEndpoint[]): Promise<CanaryProof> {
  const deadline = Date.now() + canaryLimitMs
  const tally: CanaryTally = { sent: 0, readBack: 0 }
  for (;;) {
    try {
      return { ...(await proveOnce(brokers, tally)), ...tally }
    } catch (error) {
      // A new topic has no leaders for a moment, and a moved one is known to the others a little later.
      if (Date.now() > deadline) throw canaryFailed(error, tally)
      await delay(betweenAttemptsMs)
    }
  }
}

const canaryLimitMs = 5_000
const betweenAttemptsMs = 50
const requestLimitMs = 3_000

/** Every record is waited for, also when another has failed: the tally tells of all. */
async function proveOnce(brokers: BrokerEndpoint[], tally: CanaryTally): Promise<Omit<CanaryProof, keyof CanaryTally>> {
  const first = await firstAnswering(brokers)
  const brokerIds = brokers.map(({ kafkaId }) => kafkaId)
  const topic = await withBroker(first, requestLimitMs, (connection) => ensureCanaryTopic(connection, brokerIds))
  const answers = await Promise.allSettled(
    topic.partitions.map((partition) => provePartition(topic, partition, brokers)),
  )
  const times = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  tally.sent += answers.length
  tally.readBack += times.length
  const failure = answers.find((answer) => answer.status === 'rejected')
  if (failure) throw failure.reason
  return { partitions: times.length, slowestMs: Math.round(Math.max(...times)) }
}

/** Any broker can make the topic; one that hangs must not be the one asked. */
async function firstAnswering(brokers: BrokerEndpoint[]): Promise<BrokerEndpoint> {
  const asked = brokers.map((broker) => withBroker(broker, requestLimitMs, async () => broker))
  return Promise.any(asked).catch((error: AggregateError) => {
    throw error.errors[0] ?? new Error('the cluster has no broker')
  })
}

async function provePartition(topic: Topic, partition: Partition, brokers: BrokerEndpoint[]) {
  const { partitionIndex, leaderId } = partition
  const leader = brokers.find(({ kafkaId }) => kafkaId === leaderId)
  if (!leader) throw new Error(`partition ${partitionIndex} of ${canaryTopicName} has no leader among the nodes`)
  return withBroker(leader, requestLimitMs, async (connection) => {
    const value = Buffer.from(randomUUID())
    const startedAt = performance.now()
    const offset = await produceOne(connection, partitionIndex, value)
    const found = await fetchAt(connection, { topicId: topic.topicId, partition: partitionIndex, offset })
    if (!found?.equals(value)) {
      throw new Error(
        `node ${leaderId} did not give back the record at offset ${offset} of partition ${partitionIndex}`,
      )
    }
    return performance.now() - startedAt
  })
}

const allInSync = -1

async function produceOne(connection: Connection, partition: number, value: Buffer): Promise<bigint> {
  const records = [{ topic: canaryTopicName, partition, value, timestamp: BigInt(Date.now()) }]
  const answer = await produceV9.api.async(connection, allInSync, requestLimitMs, records)
  const acknowledged = typeof answer === 'boolean' ? undefined : answer.responses[0]?.partitionResponses[0]
  if (!acknowledged) throw new Error(`partition ${partition} did not acknowledge the record`)
  return acknowledged.baseOffset
}

type FetchPlace = { topicId: string; partition: number; offset: bigint }

async function fetchAt(
  connection: Connection,
  { topicId, partition, offset }: FetchPlace,
): Promise<Buffer | undefined> {
  const place = {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: offset,
    lastFetchedEpoch: -1,
    partitionMaxBytes: 65_536,
  }
  const wait = { maxWaitMs: 1_000, minBytes: 1, maxBytes: 1_048_576, isolation: 0, noSession: 0, fullFetch: -1 }
  const answer = await fetchV13.api.async(
    connection,
    wait.maxWaitMs,
    wait.minBytes,
    wait.maxBytes,
    wait.isolation,
    wait.noSession,
    wait.fullFetch,
    [{ topicId, partitions: [place] }],
    [],
    '',
  )
  const batches = answer.responses[0]?.partitions[0]?.records ?? []
  for (const { firstOffset, records } of batches) {
    const record = records.find(({ offsetDelta }) => firstOffset + BigInt(offsetDelta) === offset)
    if (record) return record.value ?? undefined
  }
  return undefined
}

function canaryFailed(cause: unknown, tally: CanaryTally): CanaryFailure {
  const why = cause instanceof AppError ? cause.message : `${brokerTrouble(cause)}.`
  return new CanaryFailure(`A test record could not be written and read back: ${why}`, { ...tally }, cause)
}
