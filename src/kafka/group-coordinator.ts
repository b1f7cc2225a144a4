import { findCoordinatorV4 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import { refuse, withAnyBroker } from './any-broker.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

/**
 * The broker that looks after a group: only it knows the group, and only it may change it. Another one takes over when it goes,
 * and the very first question makes Kafka's own topic of offsets: both take a moment, which is waited for here.
 */
export async function withCoordinator<T>(
  brokers: BrokerEndpoint[],
  groupId: string,
  use: (connection: Connection, coordinator: BrokerEndpoint) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    try {
      const coordinator = await coordinatorOf(brokers, groupId)
      return await withBroker(coordinator, limitMs, (connection) => use(connection, coordinator))
    } catch (error) {
      const passes = error instanceof AppError && error.kind === 'unavailable'
      if (!passes || performance.now() > deadline) throw error
      await delay(pauseMs)
    }
  }
}

const ofGroup = 0
const limitMs = 5_000
const longestWaitMs = 3_000
const pauseMs = 100

async function coordinatorOf(brokers: BrokerEndpoint[], groupId: string): Promise<BrokerEndpoint> {
  const found = await withAnyBroker(brokers, async (connection) => {
    const asked = findCoordinatorV4.api.async(connection, ofGroup, [groupId])
    const answer = await asked.catch((error: unknown) => responseOf(error) as findCoordinatorV4.FindCoordinatorResponse)
    return answer.coordinators[0]!
  })
  if (found.errorCode !== 0) throw refuse(`say who looks after the group ${groupId}`, 'Group.Refused', found)
  const coordinator = brokers.find(({ kafkaId }) => kafkaId === found.nodeId)
  if (coordinator) return coordinator
  const message = `The group ${groupId} is being taken over by another node. Look again in a moment.`
  throw new AppError('unavailable', 'Group.NoCoordinator', message)
}
