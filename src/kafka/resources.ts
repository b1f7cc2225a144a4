import type { AclEntry } from '../domain/acl.ts'
import type { GroupOffset } from '../domain/consumer-group.ts'
import type { ScramMechanism } from '../domain/kafka-user.ts'
import type { Seat } from '../domain/move-plan.ts'
import type { TopicConfigs } from '../domain/topic.ts'
import type { BrokerEndpoint, SettingsAlteration } from './cluster.ts'

/** What teams keep in their clusters: topics, users, access rules and consumer groups. */
export interface KafkaResources {
  /**
   * Needs no node to answer yet. `seats`: new partitions come onto these brokers and no others; absent: where Kafka places
   * them.
   */
  at(brokers: BrokerEndpoint[], seats?: Seat[]): Promise<ClusterResources>
}

/**
 * Of one cluster. Every change is seen by all brokers that answer when it resolves, so that whoever asks next, whichever
 * broker, sees it. Kafka's refusals are `invalid` in its own words, or `unavailable` when they pass by themselves.
 */
export interface ClusterResources {
  /** All of them, internal ones too, in the order of their names. A glance asks one broker only: no sizes, offsets or settings. */
  listTopics(options?: { isGlance?: boolean }): Promise<TopicSummary[]>
  findTopic(by: TopicKey): Promise<Topic | undefined>
  /** With offsets and sizes, which are null where no broker tells. A topic that is gone has none. */
  describePartitions(topic: string): Promise<PartitionReading[]>
  describeTopicSettings(topic: string): Promise<TopicSetting[]>
  /** `cleanup.policy` of topics that say nothing of it. */
  usualCleanupPolicy(): Promise<string>
  /** Its id, also where only a look tells that it was made as asked. Throws `conflict` (`Topic.NameTaken`). */
  createTopic(topic: NewTopic, options?: { validateOnly?: boolean }): Promise<string>
  growTopic(topic: string, partitions: number): Promise<void>
  /** A key to remove goes back to what holds for all topics. */
  alterTopic(topic: string, alteration: SettingsAlteration, options?: { validateOnly?: boolean }): Promise<void>
  /** By its id. Gone already is success. */
  deleteTopic(topicId: string): Promise<void>

  /** In the order of their names. */
  listUsers(): Promise<KafkaUser[]>
  /** New, or with another password from now on. */
  putUser(user: { name: string; password: string }, random: (bytes: number) => Uint8Array): Promise<void>
  /** Gone already is success. */
  deleteUser(name: string): Promise<void>

  /** Null: nothing enforces any, because the cluster has no authorizer. */
  listAcls(): Promise<AclEntry[] | null>
  /** There already is success. Throws `conflict` (`Acl.NotEnforced`) without an authorizer. */
  createAcls(entries: AclEntry[]): Promise<void>
  /** Gone already is success, and so is a cluster without an authorizer. */
  deleteAcls(entries: AclEntry[]): Promise<void>

  /** In the order of their names. `problem`: why groups may be missing, which nodes that do not tell look after; null: none is. */
  listGroups(): Promise<{ groups: GroupSummary[]; problem: string | null }>
  /** Of several groups at once, by their ids; one that nobody tells of is absent. */
  groupStandings(groups: GroupSummary[]): Promise<Map<string, GroupStanding>>
  findGroup(groupId: string): Promise<Group | undefined>
  /** Partitions that are gone are left out; those whose leader does not tell are there, without start and end. */
  groupOffsets(groupId: string): Promise<GroupOffset[]>
  /** The first record at or after the time, by `topic partition`; null: there is none. Absent: its leader does not tell. */
  offsetsAt(partitions: { topic: string; partition: number }[], at: Date): Promise<Map<string, number | null>>
  /** Throws `conflict` (`Group.InUse`) while it has members. */
  commitOffsets(groupId: string, offsets: { topic: string; partition: number; offset: number }[]): Promise<void>
  /** Gone already is success. Throws `conflict` (`Group.InUse`) while it has members. */
  deleteGroup(groupId: string): Promise<void>
}

export type TopicKey = { id: string } | { name: string }

export type TopicSummary = {
  /** Kafka's own: 16 bytes as base64url. */
  id: string
  name: string
  partitions: number
  replicationFactor: number
  /** Partitions of which a replica is behind, and those that nobody leads. */
  underReplicated: number
  offline: number
  /** Bytes over all replicas; null where not every broker tells. */
  bytes: number | null
  /** Of the next record, added up over its partitions: it grows by one with each. Null where not every leader tells. */
  endOffsets: number | null
  /** In force; null: not told. -1: for ever. */
  retentionMs: number | null
  cleanupPolicy: string | null
}

export type Topic = {
  id: string
  name: string
  partitions: PartitionPlace[]
  /** What was set for this topic. */
  configs: TopicConfigs
}

export type PartitionPlace = {
  partition: number
  /** -1: nobody leads. */
  leader: number
  /** The first leads in quiet times. */
  replicas: number[]
  inSync: number[]
}

export type PartitionReading = PartitionPlace & {
  startOffset: number | null
  endOffset: number | null
  /** Of the leader's copy. */
  bytes: number | null
}

/** Without a replication factor: as many as the cluster gives by itself. */
export type NewTopic = {
  name: string
  partitions: number
  replicationFactor?: number | undefined
  configs: TopicConfigs
}

export type TopicSetting = {
  key: string
  /** Null: a secret. */
  value: string | null
  source: 'topic' | 'dynamic-broker' | 'dynamic-default' | 'static' | 'default' | 'other'
  /** What holds once the topic's own value is taken away; null where Kafka does not tell. */
  otherwise: string | null
  type: string
  isReadOnly: boolean
  /** Kafka's own words, without its marks of HTML. */
  documentation: string
}

export type KafkaUser = { name: string; mechanisms: ScramMechanism[] }

export type GroupSummary = {
  groupId: string
  /** As Kafka writes it: `Stable`, `Empty`, … */
  state: string
  /** `classic`, `consumer` (KIP-848), `share`, `streams`. */
  type: string
  /** Kafka id of the broker that looks after it. */
  coordinator: number
}

/** Null where Kafka does not tell: a kind of group that has none, or a partition that nobody leads. */
export type GroupStanding = { members: number | null; lag: number | null }

/** Null members: of a kind that Kafka tells of in another way. */
export type Group = GroupSummary & { members: GroupMember[] | null }

export type GroupMember = {
  memberId: string
  /** Of a static member. */
  instanceId: string | null
  clientId: string
  host: string
  assignments: { topic: string; partitions: number[] }[]
}
