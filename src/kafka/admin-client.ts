import { apiVersionsV3 } from '@platformatic/kafka'
import { withBroker } from './broker-connection.ts'
import { canary } from './canary.ts'
import type { BrokerEndpoint, KafkaClusters } from './cluster.ts'
import { observe } from './observe.ts'
import { statistics } from './statistics.ts'

/** Real clusters, over Kafka's own protocol. */
export function makeKafkaClusters(): KafkaClusters {
  return { ping, observe, canary, statistics }
}

/** A running broker answers in about a millisecond; one that takes this long is not serving. */
const pingLimitMs = 1_500

async function ping(broker: BrokerEndpoint): Promise<number> {
  const startedAt = performance.now()
  await withBroker(broker, pingLimitMs, (connection) => apiVersionsV3.api.async(connection, 'millrace', '1'))
  return performance.now() - startedAt
}
