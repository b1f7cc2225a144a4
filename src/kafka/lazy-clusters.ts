import type { KafkaClusters } from './cluster.ts'

/**
 * The Kafka client, loaded when it is first needed: reading its code costs more than all the rest of a start, and the page
 * need not wait for it.
 */
export function makeLazyKafkaClusters(): KafkaClusters {
  let loaded: Promise<KafkaClusters> | undefined
  const clusters = () => (loaded ??= import('./admin-client.ts').then(({ makeKafkaClusters }) => makeKafkaClusters()))
  return {
    ping: async (...asked) => (await clusters()).ping(...asked),
    observe: async (...asked) => (await clusters()).observe(...asked),
    canary: async (...asked) => (await clusters()).canary(...asked),
    statistics: async (...asked) => (await clusters()).statistics(...asked),
    minInSync: async (...asked) => (await clusters()).minInSync(...asked),
    replicas: async (...asked) => (await clusters()).replicas(...asked),
    reassign: async (...asked) => (await clusters()).reassign(...asked),
    listReassignments: async (...asked) => (await clusters()).listReassignments(...asked),
    cancelReassignments: async (...asked) => (await clusters()).cancelReassignments(...asked),
    electPreferredLeaders: async (...asked) => (await clusters()).electPreferredLeaders(...asked),
    throttleMoves: async (...asked) => (await clusters()).throttleMoves(...asked),
    liftThrottle: async (...asked) => (await clusters()).liftThrottle(...asked),
    features: async (...asked) => (await clusters()).features(...asked),
    finalizeFeatures: async (...asked) => (await clusters()).finalizeFeatures(...asked),
    registeredBrokers: async (...asked) => (await clusters()).registeredBrokers(...asked),
    unregisterBroker: async (...asked) => (await clusters()).unregisterBroker(...asked),
    cordon: async (...asked) => (await clusters()).cordon(...asked),
    describeSettings: async (...asked) => (await clusters()).describeSettings(...asked),
    alterSettings: async (...asked) => (await clusters()).alterSettings(...asked),
  }
}
