import type { ColumnType, Generated } from 'kysely'
import type { AuthorityStanding } from '../domain/authority-standing.ts'
import type {
  InstanceFeatures,
  InstanceHealth,
  InstanceTarget,
  InstanceSpec,
  InstanceState,
  InstanceStatistics,
  Tag,
} from '../domain/instance.ts'
import type { InstanceId, MemberId, NodeId, OperationId, ServiceAccountId } from '../domain/id.ts'
import type { NodeHealth, NodeIntent, NodeRole } from '../domain/node.ts'
import type { OperationOutcome, PublicError, StepOutcome } from '../domain/operation.ts'

/** The tables as Kysely sees them. `migrations/` makes them; the words of a column stand there. */

/** Written as JSON text, read as the value. */
type Json<T> = ColumnType<T, string, string>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>

export type InstancesTable = {
  id: InstanceId
  environment_id: string
  name: string
  description: string | null
  state: InstanceState
  state_reason: string | null
  state_since: Date
  version: string
  target_version: string
  before: NullableJson<InstanceTarget>
  cluster_id: string
  aku: number
  spec: Json<InstanceSpec>
  features: Json<InstanceFeatures>
  authority: Json<AuthorityStanding>
  tags: Json<Tag[]>
  node_count: number
  health: InstanceHealth
  health_reason: string | null
  down_since: Date | null
  canary_problem: string | null
  statistics: NullableJson<InstanceStatistics>
  /** By Kafka id. */
  metrics_problems: NullableJson<Record<string, string>>
  observed_at: Date | null
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}

export type NodesTable = {
  id: NodeId
  instance_id: InstanceId
  environment_id: string
  kafka_id: number
  roles: Json<NodeRole[]>
  zone: string
  subnet: string
  address: string
  port: number
  controller_port: number
  directory_id: string
  internal_port: ColumnType<number | null, number | null | undefined>
  version: string | null
  target_version: string
  intent: NodeIntent
  health: NodeHealth
  health_reason: string | null
  memory_bytes: number | null
  disk_bytes: number | null
  started_at: Date | null
  silent_since: Date | null
  drift: string | null
  observed_at: Date | null
}

export type OperationsTable = {
  id: OperationId
  environment_id: string
  instance_id: InstanceId
  kind: string
  outcome: OperationOutcome
  step: string
  notes: Json<Record<string, unknown>>
  input: Json<unknown>
  waiting_reason: string | null
  failures: number
  error: NullableJson<PublicError>
  actor: string
  gives_way: boolean
  run_at: Date
  paused_at: Date | null
  cancel_requested_at: Date | null
  is_cancelling: Generated<boolean>
  /** When a standing one must look after its nodes; null: nobody has asked. */
  tend_at: Date | null
  deadline_at: Date | null
  is_overdue: Generated<boolean>
  lease_owner: string | null
  lease_epoch: Generated<number>
  lease_until: Date | null
  created_at: Date
  ended_at: Date | null
}

export type StepsTable = {
  operation_id: OperationId
  seq: number
  name: string
  outcome: StepOutcome
  attempts: number
  waiting_reason: string | null
  error: NullableJson<PublicError>
  started_at: Date
  ended_at: Date | null
}

export type EventsTable = {
  id: Generated<number>
  environment_id: string
  instance_id: InstanceId | null
  operation_id: OperationId | null
  kind: string
  message: string
  created_at: Date
}

export type AuditEventsTable = {
  id: Generated<number>
  environment_id: string
  action: string
  actor: string
  source: string | null
  instance_id: InstanceId | null
  operation_id: OperationId | null
  detail: NullableJson<unknown>
  created_at: Date
}

export type MembersTable = {
  id: MemberId
  name: string
  password_hash: string
  role: string
  must_change_password: boolean
  failed_sign_ins: Generated<number>
  locked_until: Date | null
  created_at: Date
  disabled_at: ColumnType<Date | null, Date | null | undefined>
  /** A password that was given out for once is taken until then. */
  password_until: ColumnType<Date | null, Date | null | undefined>
  last_signed_in_at: ColumnType<Date | null, Date | null | undefined>
}

export type ServiceAccountsTable = {
  id: ServiceAccountId
  environment_id: string
  name: string
  role: string
  instance_ids: NullableJson<InstanceId[]>
  expires_at: Date | null
  disabled_at: Date | null
  created_by: string
  created_at: Date
}

export type AccessKeysTable = {
  access_key: string
  service_account_id: ServiceAccountId
  sealed_secret: string
  created_at: Date
  ends_at: Date | null
  last_used_at: Date | null
}

export type InstanceAuthoritiesTable = {
  instance_id: InstanceId
  number: number
  certificate: string
  sealed_key: string
  created_at: Date
}

export type PlainVerifiersTable = { instance_id: InstanceId; user_name: string; sealed_verifier: string }

export type UsedSignaturesTable = { signature: string; until: Date }

export type SessionsTable = {
  /** SHA-256 of the cookie's token, hex. The token itself is nowhere. */
  token_hash: string
  member_id: MemberId
  created_at: Date
  expires_at: Date
}

export type IdempotencyKeysTable = {
  actor: string
  key: string
  /** SHA-256 of method, path and body: the same key with another request is refused. */
  request_hash: string
  /** The Instance or Operation that the first request made or changed; a repeat is answered with it as it is now. */
  result_id: string
  created_at: Date
  /** Set until what was asked for is done. */
  begun_until: Date | null
}

export type UserClaimsTable = {
  instance_id: InstanceId
  user_name: string
  claim_id: string
  claimed_until: Date
}

export type EnvironmentsTable = {
  id: string
  provider: string
  /** Where the local provider keeps its nodes and on which machine, so that a second process finds the same ones. */
  provider_root: string | null
  created_at: Date
  secret_check: ColumnType<string | null, string | null | undefined>
}

export type InstanceMinutesTable = {
  instance_id: InstanceId
  at: Date
  /** Per second. */
  bytes_in: number | null
  bytes_out: number | null
  requests: number | null
  storage_bytes: number | null
}

export type MetricsDeliveriesTable = {
  instance_id: InstanceId
  last_success_at: Date | null
  last_error: string | null
  last_error_at: Date | null
  failures: Generated<number>
  retry_at: Date | null
  dropped: Generated<number>
  samples_per_minute: Generated<number>
  trouble_told: Generated<boolean>
  lease_until: Date | null
  lease_id: string | null
  measured_at: Date | null
  measure_due_at: Date | null
}

export type MetricsParcelsTable = {
  id: Generated<number>
  instance_id: InstanceId
  at: Date
  samples: number
  body: Buffer
}

export type DutiesTable = { name: string; next_run_at: Date; turn: Generated<number> }

export type Tables = {
  duties: DutiesTable
  environments: EnvironmentsTable
  instances: InstancesTable
  nodes: NodesTable
  operations: OperationsTable
  steps: StepsTable
  events: EventsTable
  audit_events: AuditEventsTable
  members: MembersTable
  sessions: SessionsTable
  service_accounts: ServiceAccountsTable
  access_keys: AccessKeysTable
  used_signatures: UsedSignaturesTable
  instance_authorities: InstanceAuthoritiesTable
  plain_verifiers: PlainVerifiersTable
  instance_minutes: InstanceMinutesTable
  metrics_deliveries: MetricsDeliveriesTable
  metrics_parcels: MetricsParcelsTable
  idempotency_keys: IdempotencyKeysTable
  user_claims: UserClaimsTable
}
