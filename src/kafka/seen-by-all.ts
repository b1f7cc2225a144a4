import type { Connection } from '@platformatic/kafka'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

/**
 * The controller has accepted a change; every broker learns of it a moment later, each at its own pace. Resolves when all that
 * answer see it. Throws `unavailable` (`Kafka.NotSeenYet`) when that takes too long: the change itself is made.
 */
export async function seenByAll(
  brokers: BrokerEndpoint[],
  isSeen: (connection: Connection) => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  const answers = await Promise.all(brokers.map((broker) => seenBy(broker, isSeen, deadline)))
  if (answers.every(Boolean)) return
  const message = 'Kafka has made the change, and a node does not show it yet. Look again in a moment.'
  throw new AppError('unavailable', 'Kafka.NotSeenYet', message)
}

const longestWaitMs = 5_000
const lookLimitMs = 1_500
const pauseMs = 20

async function seenBy(
  broker: BrokerEndpoint,
  isSeen: (connection: Connection) => Promise<boolean>,
  deadline: number,
): Promise<boolean> {
  for (;;) {
    // One that does not answer cannot show anybody the world of before.
    if (await withBroker(broker, lookLimitMs, isSeen).catch(() => true)) return true
    if (performance.now() > deadline) return false
    await delay(pauseMs)
  }
}
