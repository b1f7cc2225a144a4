import type { Observation } from '../domain/observation.ts'

/**
 * What Millrace needs of a running Kafka cluster. Each call opens its own connections, bounded by a time limit, and
 * closes them; none is kept, so a hung broker holds nothing. A failure to reach the cluster is `AppError` `unavailable`
 * (`Kafka.Unreachable`) with the broker and the reason.
 */
export interface KafkaClusters {
  /** Does this one broker answer the protocol (ApiVersions)? An open port proves nothing. Milliseconds of the round trip. */
  ping(broker: BrokerEndpoint): Promise<number>

  /** The cluster as its members see it, each broker asked for itself where it answers. */
  observe(brokers: BrokerEndpoint[]): Promise<Observation>

  /**
   * Produces one record with acks=all to every partition of the canary topic (made when missing, a partition led by every
   * broker) and reads each back. Throws `AppError` `unavailable` (`Kafka.CanaryFailed`) with words otherwise.
   */
  canary(brokers: BrokerEndpoint[]): Promise<CanaryProof>

  /** Counts and sizes for the Instance page. */
  statistics(brokers: BrokerEndpoint[]): Promise<ClusterStatistics>
}

export type BrokerEndpoint = { kafkaId: number; host: string; port: number }

export type CanaryProof = { partitions: number; slowestMs: number }

export type ClusterStatistics = {
  topicCount: number
  partitionCount: number
  consumerGroupCount: number
  /** Bytes on disk over all replicas. */
  storageSize: number
}
