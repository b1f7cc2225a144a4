import type { ProcessSeen } from '../domain/drift-nodes.ts'
import type { Environment } from '../domain/environment.ts'
import type { InstanceId } from '../domain/id.ts'
import type { VersionCatalogue } from '../domain/version.ts'
import type { KafkaClusters } from '../kafka/cluster.ts'
import type { KafkaResources } from '../kafka/resources.ts'
import type { Database } from '../store/database.ts'
import type { SecretBox } from '../store/secret-box.ts'
import type { TopicCache } from './topics/topic-cache.ts'

/** What every verb here is given by its caller. */
export type ServiceContext = {
  db: Database
  environmentId: string
  describeEnvironment(): Promise<Environment>
  /** The processes of an Instance where its nodes live, as they are now. */
  inspectNodes(id: InstanceId): Promise<(ProcessSeen & { takesPlain: boolean })[]>
  /** Brings what the nodes of an Instance check passwords of SASL PLAIN by to what the database says. */
  renewVerifiers(id: InstanceId): Promise<void>
  catalogue: VersionCatalogue
  clusters: KafkaClusters
  resources: KafkaResources
  topicCache: TopicCache
  /** Seals what must be used again. */
  secrets: SecretBox
  now(): Date
  random(bytes: number): Uint8Array
}

export type { Member } from '../store/members.ts'
export { changeOnce, type Once, type OnceResult } from '../store/idempotency-keys.ts'
export { databaseTrouble } from '../store/database-trouble.ts'
export type { ListenRequest } from '../store/listen.ts'
