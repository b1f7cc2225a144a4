import type { Keyring } from '../domain/keyring.ts'
import type { BrokerEndpoint, KafkaClusters } from './cluster.ts'

/**
 * The Kafka client, loaded when it is first needed: reading its code costs more than all the rest of a start, and the page
 * need not wait for it.
 */
export function makeLazyKafkaClusters(keyring?: Keyring): KafkaClusters {
  let loaded: Promise<KafkaClusters> | undefined
  const clusters = () => (loaded ??= import('./admin-client.ts').then(({ makeKafkaClusters }) => makeKafkaClusters()))
  const known = (brokers: BrokerEndpoint[]) => Promise.all(brokers.map((broker) => withIdentity(broker, keyring)))
  return {
    ping: async (broker) => (await clusters()).ping(await withIdentity(broker, keyring)),
    observe: async (brokers, ...asked) => (await clusters()).observe(await known(brokers), ...asked),
    canary: async (brokers, ...asked) => (await clusters()).canary(await known(brokers), ...asked),
    askListener: async (broker, listener) => (await clusters()).askListener(broker, listener),
    statistics: async (brokers, ...asked) => (await clusters()).statistics(await known(brokers), ...asked),
    scrape: async (node) => (await clusters()).scrape(node),
    minInSync: async (brokers, ...asked) => (await clusters()).minInSync(await known(brokers), ...asked),
    replicas: async (brokers, ...asked) => (await clusters()).replicas(await known(brokers), ...asked),
    reassign: async (brokers, ...asked) => (await clusters()).reassign(await known(brokers), ...asked),
    listReassignments: async (brokers, ...asked) =>
      (await clusters()).listReassignments(await known(brokers), ...asked),
    cancelReassignments: async (brokers, ...asked) =>
      (await clusters()).cancelReassignments(await known(brokers), ...asked),
    electPreferredLeaders: async (brokers, ...asked) =>
      (await clusters()).electPreferredLeaders(await known(brokers), ...asked),
    throttleMoves: async (brokers, ...asked) => (await clusters()).throttleMoves(await known(brokers), ...asked),
    liftThrottle: async (brokers, ...asked) => (await clusters()).liftThrottle(await known(brokers), ...asked),
    features: async (brokers, ...asked) => (await clusters()).features(await known(brokers), ...asked),
    finalizeFeatures: async (brokers, ...asked) => (await clusters()).finalizeFeatures(await known(brokers), ...asked),
    registeredBrokers: async (brokers, ...asked) =>
      (await clusters()).registeredBrokers(await known(brokers), ...asked),
    unregisterBroker: async (brokers, ...asked) => (await clusters()).unregisterBroker(await known(brokers), ...asked),
    cordon: async (brokers, ...asked) => (await clusters()).cordon(await known(brokers), ...asked),
    describeSettings: async (brokers, ...asked) => (await clusters()).describeSettings(await known(brokers), ...asked),
    alterSettings: async (brokers, ...asked) => (await clusters()).alterSettings(await known(brokers), ...asked),
    reloadCertificates: async (brokers, ...asked) =>
      (await clusters()).reloadCertificates(await known(brokers), ...asked),
    shownCertificate: async (broker, ...asked) =>
      (await clusters()).shownCertificate(await withIdentity(broker, keyring), ...asked),
    asksForAuthority: async (broker, ...asked) => (await clusters()).asksForAuthority(broker, ...asked),
  }
}

/** Secured nodes are shown Millrace's certificate. Keys are asked for here and nowhere above. */
export async function withIdentity(broker: BrokerEndpoint, keyring: Keyring | undefined): Promise<BrokerEndpoint> {
  if (!broker.securedBy || !keyring) return broker
  return { ...broker, identity: await keyring.identityFor(broker.securedBy) }
}
