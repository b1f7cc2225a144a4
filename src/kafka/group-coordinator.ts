import { findCoordinatorV4 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import { refuse, withAnyBroker } from './any-broker.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

/** The broker that looks after a group: only it knows the group, and only it may change it. */
const ofGroup = 0
const limitMs = 5_000

export async function withCoordinator<T>(
  brokers: BrokerEndpoint[],
  groupId: string,
  use: (connection: Connection, coordinator: BrokerEndpoint) => Promise<T>,
): Promise<T> {
  const kafkaId = await withAnyBroker(brokers, (connection) => coordinatorOf(connection, groupId))
  const coordinator = brokers.find((broker) => broker.kafkaId === kafkaId)
  if (!coordinator) {
    const message = `The group ${groupId} is being taken over by another node. Look again in a moment.`
    throw new AppError('unavailable', 'Group.NoCoordinator', message)
  }
  return await withBroker(coordinator, limitMs, (connection) => use(connection, coordinator))
}

const notAvailable = 15
/** The first question of all makes Kafka's own topic of offsets, which takes a moment. */
const longestWaitMs = 3_000
const pauseMs = 100

async function coordinatorOf(connection: Connection, groupId: string): Promise<number> {
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    const asked = findCoordinatorV4.api.async(connection, ofGroup, [groupId])
    const answer = await asked.catch((error: unknown) => responseOf(error) as findCoordinatorV4.FindCoordinatorResponse)
    const found = answer.coordinators[0]!
    if (found.errorCode === 0) return found.nodeId
    if (found.errorCode !== notAvailable || performance.now() > deadline) {
      throw refuse(`say who looks after the group ${groupId}`, 'Group.Refused', found)
    }
    await delay(pauseMs)
  }
}
