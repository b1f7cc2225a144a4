import { describeClusterV1, unregisterBrokerV0 } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { refuse, withAnyBroker } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

const brokersOnly = 1
const notRegistered = 102

/**
 * Makes the cluster forget a broker that has stopped for good. Kafka itself would forget one that lives, whose replicas then
 * fall behind for ever: that is refused with `conflict` (`Kafka.BrokerAlive`), which passes when its session has ended.
 */
export async function unregisterBroker(brokers: BrokerEndpoint[], kafkaId: number): Promise<void> {
  await withAnyBroker(brokers, async (connection) => {
    const { brokers: alive } = await describeClusterV1.api.async(connection, false, brokersOnly)
    if (alive.some(({ brokerId }) => brokerId === kafkaId)) {
      throw new AppError('conflict', 'Kafka.BrokerAlive', `Node ${kafkaId} still has a session with the controller.`)
    }
    const asked = unregisterBrokerV0.api.async(connection, kafkaId)
    const answer = await asked.catch(
      (error: unknown) => responseOf(error) as unregisterBrokerV0.UnregisterBrokerResponse,
    )
    if (answer.errorCode === 0 || answer.errorCode === notRegistered) return
    throw refuse(`forget node ${kafkaId}`, 'Kafka.UnregisterRefused', answer)
  })
}
