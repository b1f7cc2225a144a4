import type { KafkaClusters } from './cluster.ts'

/**
 * The Kafka client, loaded when it is first needed: reading its code costs more than all the rest of a start, and the page
 * need not wait for it.
 */
export function makeLazyKafkaClusters(): KafkaClusters {
  let loaded: Promise<KafkaClusters> | undefined
  const clusters = () => (loaded ??= import('./admin-client.ts').then(({ makeKafkaClusters }) => makeKafkaClusters()))
  return {
    ping: async (broker) => (await clusters()).ping(broker),
    observe: async (brokers) => (await clusters()).observe(brokers),
    canary: async (brokers) => (await clusters()).canary(brokers),
    statistics: async (brokers) => (await clusters()).statistics(brokers),
  }
}
