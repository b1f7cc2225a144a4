import type { CanaryTally } from '../domain/canary.ts'
import type { RegisteredBroker } from '../domain/drift-brokers.ts'
import type { InstanceId } from '../domain/id.ts'
import type { ClientIdentity } from '../domain/keyring.ts'
import type { MetricSample } from '../domain/metric-sample.ts'
import type { Observation } from '../domain/observation.ts'
import type { ClientListener } from '../domain/security.ts'

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
   * broker) and reads each back. Throws `CanaryFailure` with words otherwise.
   */
  canary(brokers: BrokerEndpoint[]): Promise<CanaryProof>

  /**
   * Is this listener of the broker open to clients: it answers the protocol, over TLS where it should? Throws `unavailable`
   * (`Kafka.ListenerSilent`) naming it otherwise.
   */
  askListener(broker: BrokerEndpoint, listener: ClientListener): Promise<void>

  /** Counts and sizes for the Instance page. */
  statistics(brokers: BrokerEndpoint[]): Promise<ClusterStatistics>

  /**
   * Everything that one node tells of itself now. Throws `unavailable`: `Metrics.Refused` where nobody listens,
   * `Metrics.Unreadable` otherwise.
   */
  scrape(node: MetricsEndpoint): Promise<MetricSample[]>

  /** `min.insync.replicas` in force for every topic, internal ones too. */
  minInSync(brokers: BrokerEndpoint[]): Promise<Map<string, number>>

  /**
   * Every replica that the cluster has assigned, internal topics too, with its bytes; 0 where its broker does not tell. `only`:
   * of these partitions.
   */
  replicas(brokers: BrokerEndpoint[], only?: PartitionId[]): Promise<ReplicaState[]>

  /** Starts moves, or replaces those of the same partitions that are under way; resolves when Kafka has accepted. */
  reassign(brokers: BrokerEndpoint[], moves: (PartitionId & { to: number[] })[]): Promise<void>
  listReassignments(brokers: BrokerEndpoint[]): Promise<Reassignment[]>
  /** What is on its way stays where it was. None on its way is success. */
  cancelReassignments(brokers: BrokerEndpoint[], partitions: PartitionId[]): Promise<void>

  /** Resolves when Kafka has done it. Those that it could not have led so stay as they are, and are returned. */
  electPreferredLeaders(brokers: BrokerEndpoint[], partitions: PartitionId[]): Promise<PartitionId[]>

  /** Slows the copying of these topics' replicas that are not in sync. */
  throttleMoves(brokers: BrokerEndpoint[], throttle: Throttle): Promise<void>
  /** Removes every such throttle, wherever it is found but on the topics named; none there is success. */
  liftThrottle(brokers: BrokerEndpoint[], options?: { except?: string[] }): Promise<void>

  /** Every broker must answer: a level counts only when all can. */
  features(brokers: BrokerEndpoint[]): Promise<ClusterFeatures>
  /** Only raises; levels that are there already are left out. Kafka cannot go back. */
  finalizeFeatures(
    brokers: BrokerEndpoint[],
    levels: Record<string, number>,
    options?: { validateOnly?: boolean },
  ): Promise<void>

  /** Every broker that the cluster knows of, whoever made it; before Kafka 4.0 only those that are alive. */
  registeredBrokers(brokers: BrokerEndpoint[]): Promise<RegisteredBroker[]>
  /** Refuses with `conflict` (`Kafka.BrokerAlive`) while the broker has a session; unknown already is success. */
  unregisterBroker(brokers: BrokerEndpoint[], kafkaId: number): Promise<void>

  /** No new replica comes onto a cordoned broker. Resolves to false where this Kafka cannot (before 4.3). */
  cordon(brokers: BrokerEndpoint[], kafkaId: number, isCordoned: boolean): Promise<boolean>

  /** Everything that one broker runs with. */
  describeSettings(brokers: BrokerEndpoint[], kafkaId: number): Promise<EffectiveSetting[]>
  /**
   * The cluster-wide defaults of brokers, or what one broker has instead of them. Kafka's refusal is `invalid`
   * (`Kafka.SettingRefused`) in its own words.
   */
  alterSettings(
    brokers: BrokerEndpoint[],
    alteration: SettingsAlteration,
    options?: { validateOnly?: boolean; kafkaId?: number },
  ): Promise<void>

  /** The broker reads the files of its certificates anew. New connections see them; those that are open go on. */
  reloadCertificates(brokers: BrokerEndpoint[], kafkaId: number): Promise<void>
  /** The certificate that is shown at a port of this broker, as PEM; null: nothing there shows any. */
  shownCertificate(broker: BrokerEndpoint, port: number): Promise<string | null>
  /**
   * Does the listener at this port of the broker ask for certificates of these authorities (PEM), and of no others? Null: nothing
   * there says what it asks for.
   */
  asksForAuthority(broker: BrokerEndpoint, port: number, authority: string): Promise<boolean | null>
}

export type PartitionId = { topic: string; partition: number }
export type ReplicaState = PartitionId & { kafkaId: number; bytes: number }
export type Reassignment = PartitionId & { replicas: number[]; adding: number[]; removing: number[] }

/** `bytesPerSecond` that each broker sends of what it leads. */
export type Throttle = { bytesPerSecond: number; topics: string[] }

/** By feature name: `metadata.version` and the others. */
export type ClusterFeatures = { finalized: Record<string, number>; supported: Record<string, number> }

export type EffectiveSetting = {
  key: string
  /** Null: a secret. */
  value: string | null
  source: 'dynamic-default' | 'dynamic-broker' | 'static' | 'default' | 'other'
  isReadOnly: boolean
  isSecret: boolean
  type: string
}

export type SettingsAlteration = { set: Record<string, string>; remove: string[] }

export type BrokerEndpoint = {
  kafkaId: number
  host: string
  port: number
  /** The Instance whose certificates are shown there; absent: a listener of clients. */
  securedBy?: InstanceId
  /** A listener of clients over TLS. */
  isEncrypted?: boolean
  /** Filled in where the connection is made, from the keyring. */
  identity?: ClientIdentity
}

/** Where a node is spoken to, and where it tells its metrics. */
export type MetricsEndpoint = BrokerEndpoint & { metricsPort: number }

/** The tally counts what did not come back before all did. */
export type CanaryProof = CanaryTally & { partitions: number; slowestMs: number }

/** What a broker does not tell is in no sum: then that is absent. */
export type ClusterStatistics = {
  topicCount: number
  partitionCount: number
  consumerGroupCount?: number
  /** Bytes on disk over all replicas. */
  storageSize?: number
}
