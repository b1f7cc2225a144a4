import type { AclEntry } from '../../domain/acl.ts'
import type { PartitionPlace, Group } from '../../kafka/resources.ts'

/** What the simulated Kafka of one Instance holds for its team. Empty at first; it lives as long as the Instance. */
export type Holdings = {
  topics: Map<string, HeldTopic>
  users: Set<string>
  acls: AclEntry[]
  groups: Map<string, HeldGroup>
}

export type HeldTopic = {
  id: string
  name: string
  places: Omit<PartitionPlace, 'leader' | 'inSync'>[]
  configs: Record<string, string>
  /** In every partition. */
  records: number
}

/** `committed`: by `partitionKey`. Without a type: classic. */
export type HeldGroup = Pick<Group, 'groupId' | 'members'> & { type?: string; committed: Map<string, number> }

export const makeHoldings = (): Holdings => ({ topics: new Map(), users: new Set(), acls: [], groups: new Map() })

/** What a look or a change finds: who is up, and what they hold. */
export type Found = {
  holdings: Holdings
  /** Those that new replicas may come onto, and those that answer now; by Kafka id. */
  brokers: number[]
  up: number[]
  /** The nodes ask who comes: rules are enforced. */
  isAuthorized: boolean
  /** Of topics that say nothing of it. */
  cleanupPolicy: string
}

/** Finds it, or throws `unavailable` as a Kafka that nobody reaches. */
export type Look = <T>(work: (found: Found) => T) => Promise<T>
