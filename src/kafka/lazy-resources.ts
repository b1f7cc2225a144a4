import type { Keyring } from '../domain/keyring.ts'
import { withIdentity } from './lazy-clusters.ts'
import type { KafkaResources } from './resources.ts'

/** Loads the Kafka client when it is first needed, as `lazy-clusters.ts` does. */
export const makeLazyKafkaResources = (keyring?: Keyring): KafkaResources => ({
  async at(brokers, seats) {
    const { clusterResources } = await import('./resource-client.ts')
    return clusterResources(await Promise.all(brokers.map((broker) => withIdentity(broker, keyring))), seats)
  },
})
