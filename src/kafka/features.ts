import { apiVersionsV4, updateFeaturesV1 } from '@platformatic/kafka'
import { refuse, withAnyBroker, type KafkaAnswer } from './any-broker.ts'
import { responseOf, withBroker } from './broker-connection.ts'
import type { BrokerEndpoint, ClusterFeatures } from './cluster.ts'

/** Feature levels: what every broker could do, and what the cluster has been told to do for good. */
const limitMs = 3_000

export async function features(brokers: BrokerEndpoint[]): Promise<ClusterFeatures> {
  const answers = await Promise.all(
    brokers.map((broker) =>
      withBroker(broker, limitMs, (connection) => apiVersionsV4.api.async(connection, 'millrace', '1')),
    ),
  )
  const supported: Record<string, number> = {}
  for (const { name } of answers[0]?.supportedFeatures ?? []) {
    const levels = answers.map((answer) => answer.supportedFeatures?.find((one) => one.name === name)?.maxVersion ?? 0)
    supported[name] = Math.min(...levels)
  }
  const finalized = Object.fromEntries(
    (answers[0]?.finalizedFeatures ?? []).map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
  )
  return { finalized, supported }
}

const upgrade = 1
const timeoutMs = 20_000

export async function finalizeFeatures(
  brokers: BrokerEndpoint[],
  levels: Record<string, number>,
  { validateOnly = false }: { validateOnly?: boolean } = {},
): Promise<void> {
  const { finalized } = await features(brokers)
  const raised = Object.entries(levels).filter(([name, level]) => level > (finalized[name] ?? 0))
  if (raised.length === 0) return
  const asked = raised.map(
    ([feature, maxVersionLevel]) => ({ feature, maxVersionLevel, upgradeType: upgrade }) as const,
  )
  await withAnyBroker(
    brokers,
    async (connection) => {
      const sent = updateFeaturesV1.api.async(connection, timeoutMs, asked, validateOnly)
      const answer = await sent.catch((error: unknown) => responseOf(error) as updateFeaturesV1.UpdateFeaturesResponse)
      const parts: KafkaAnswer[] = [answer, ...answer.results]
      const refused = parts.find(({ errorCode }) => errorCode !== 0)
      if (refused) throw refuse('make the version final', 'Kafka.FeatureRefused', refused)
    },
    timeoutMs,
  )
}
