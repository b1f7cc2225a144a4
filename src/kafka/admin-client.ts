import { apiVersionsV3 } from '@platformatic/kafka'
import { withBroker } from './broker-connection.ts'
import { alterSettings, cordon, describeSettings } from './broker-settings.ts'
import { canary } from './canary.ts'
import { asksForAuthority, reloadCertificates, shownCertificate } from './certificates.ts'
import { askListener } from './client-listener.ts'
import type { BrokerEndpoint, KafkaClusters } from './cluster.ts'
import { features, finalizeFeatures } from './features.ts'
import { unregisterBroker } from './membership.ts'
import { scrape } from './jmx-scrape.ts'
import { observe } from './observe.ts'
import { cancelReassignments, electPreferredLeaders, listReassignments, reassign } from './reassignments.ts'
import { registeredBrokers } from './registrations.ts'
import { minInSync, replicas } from './replicas.ts'
import { statistics } from './statistics.ts'
import { liftThrottle, throttleMoves } from './throttle.ts'

/** Real clusters, over Kafka's own protocol. */
export function makeKafkaClusters(): KafkaClusters {
  return {
    ping,
    observe,
    canary,
    askListener,
    statistics,
    scrape,
    minInSync,
    replicas,
    reassign,
    listReassignments,
    cancelReassignments,
    electPreferredLeaders,
    throttleMoves,
    liftThrottle,
    features,
    finalizeFeatures,
    registeredBrokers,
    unregisterBroker,
    cordon,
    describeSettings,
    alterSettings,
    reloadCertificates,
    shownCertificate,
    asksForAuthority,
  }
}

/** A running broker answers in about a millisecond; one that takes this long is not serving. */
const pingLimitMs = 1_500

async function ping(broker: BrokerEndpoint): Promise<number> {
  const startedAt = performance.now()
  await withBroker(broker, pingLimitMs, (connection) => apiVersionsV3.api.async(connection, 'millrace', '1'))
  return performance.now() - startedAt
}
