import { sql, type Selectable } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type {
  Instance,
  InstanceFeatures,
  InstanceHealth,
  InstanceSpec,
  InstanceState,
  InstanceTarget,
  Tag,
} from '../domain/instance.ts'
import type { MetricsExporter } from '../domain/metrics-exporter.ts'
import type { Db, Tx } from './database.ts'
import { isUniqueViolation } from './constraints.ts'
import type { InstancesTable } from './tables.ts'

/** Rows of Instances. A Deleted one is a tombstone: `listInstances` shows it on request, `getInstance` does not find it. */

export async function findInstance(db: Db, id: InstanceId): Promise<Instance | undefined> {
  const row = await db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirst()
  return row && instanceFrom(row)
}

/** Throws `not-found` also for a tombstone. */
export async function getInstance(db: Db, id: InstanceId): Promise<Instance> {
  return alive(await findInstance(db, id), id)
}

/** The Instance, held against other writers until the transaction ends. Throws `not-found` also for a tombstone. */
export async function lockInstance(tx: Tx, id: InstanceId): Promise<Instance> {
  const row = await tx.selectFrom('instances').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return alive(row && instanceFrom(row), id)
}

/**
 * Holds the Instance's row and says nothing of it. Every transaction that writes both holds the Instance first and its
 * Operation second, so that no two can wait for each other.
 */
export async function holdInstance(tx: Tx, id: InstanceId): Promise<void> {
  await tx.selectFrom('instances').select('id').where('id', '=', id).forUpdate().execute()
}

function alive(instance: Instance | undefined, id: InstanceId): Instance {
  if (instance && !instance.deletedAt) return instance
  throw new AppError('not-found', 'Instance.NotFound', `There is no Instance ${id}.`)
}

/** Throws `conflict` (`Instance.NameTaken`) when a living Instance has the name. */
export async function insertInstance(tx: Tx, instance: Instance): Promise<void> {
  await refuseTakenName(instance.name, () => tx.insertInto('instances').values(rowFrom(instance)).execute())
}

/** What changes nothing in the world; what is absent stays. */
export type InstanceWords = {
  name?: string | undefined
  description?: string | undefined
  tags?: Tag[] | undefined
  spec?: InstanceSpec | undefined
  features?: InstanceFeatures | undefined
}

/** Throws `conflict` (`Instance.NameTaken`) when another living Instance has the name. */
export async function updateInstanceWords(
  tx: Tx,
  id: InstanceId,
  { name, description, tags, spec, features, now }: InstanceWords & { now: Date },
): Promise<void> {
  const changes = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags && { tags: JSON.stringify(tags) }),
    ...(spec && { spec: JSON.stringify(spec) }),
    ...(features && { features: JSON.stringify(features) }),
  }
  const update = tx
    .updateTable('instances')
    .set({ ...changes, updated_at: now })
    .where('id', '=', id)
  await refuseTakenName(name ?? '', () => update.execute())
}

/** Where metrics go is no part of a change that could be turned back: what there is to go back to gets it too. */
export async function updateInstanceExporter(
  tx: Tx,
  { id, features, before }: Instance,
  { exporter, now }: { exporter: MetricsExporter | undefined; now: Date },
): Promise<void> {
  const withExporter = ({ metricsExporter: _before, ...others }: InstanceFeatures) =>
    exporter ? { ...others, metricsExporter: exporter } : others
  await tx
    .updateTable('instances')
    .set({
      features: JSON.stringify(withExporter(features)),
      before: before && JSON.stringify({ ...before, features: withExporter(before.features) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute()
}

async function refuseTakenName(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (thrown) {
    if (!isUniqueViolation(thrown, 'instances_living_name')) throw thrown
    throw new AppError(
      'conflict',
      'Instance.NameTaken',
      `There is an Instance named "${name}" already. Names are unique.`,
    )
  }
}

export type StateChange = { state: InstanceState; reason: string | null; now: Date }

/** Moves the Instance to a state; `Deleted` makes the tombstone. */
export async function updateInstanceState(tx: Tx, id: InstanceId, { state, reason, now }: StateChange): Promise<void> {
  await tx
    .updateTable('instances')
    .set({
      state,
      state_reason: reason,
      state_since: sql`case when state = ${state} then state_since else ${now} end`,
      updated_at: now,
      deleted_at: state === 'Deleted' ? now : null,
    })
    .where('id', '=', id)
    .execute()
}

/** What the Instance should be from now on, and what it was; `null` when there is no way back any more. */
export type NewTarget = InstanceTarget & { before: InstanceTarget | null; now: Date }

export async function updateInstanceTarget(tx: Tx, id: InstanceId, target: NewTarget): Promise<void> {
  const { version, spec, features, before, now } = target
  await tx
    .updateTable('instances')
    .set({
      target_version: version,
      aku: spec.reservedAku ?? 0,
      spec: JSON.stringify(spec),
      features: JSON.stringify(features),
      before: before && JSON.stringify(before),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute()
}

/** The version that all nodes run, and how many there are. */
export async function updateInstanceReached(
  tx: Tx,
  id: InstanceId,
  reached: { version: string; nodeCount: number },
): Promise<void> {
  await tx
    .updateTable('instances')
    .set({ version: reached.version, node_count: reached.nodeCount })
    .where('id', '=', id)
    .execute()
}

/** The change is over: there is nothing to go back to. */
export async function forgetInstanceBefore(tx: Tx, id: InstanceId): Promise<void> {
  await tx.updateTable('instances').set({ before: null }).where('id', '=', id).execute()
}

export type HealthSeen = {
  health: InstanceHealth
  healthReason: string | null
  canaryProblem?: string | null
  observedAt: Date
}

/** What a reconciler saw. Touches neither state nor `updated_at`: seeing is no change. Since when it is down is kept here. */
export async function updateInstanceHealth(db: Db, id: InstanceId, seen: HealthSeen): Promise<void> {
  const isDown = seen.health === 'down'
  const values = {
    health: seen.health,
    health_reason: seen.healthReason,
    down_since: isDown ? sql<Date>`coalesce(down_since, ${seen.observedAt})` : null,
    canary_problem: seen.canaryProblem ?? null,
    observed_at: seen.observedAt,
  }
  await db.updateTable('instances').set(values).where('id', '=', id).execute()
}

/** Names by id, tombstones included. */
export async function listInstanceNames(db: Db, ids: InstanceId[]): Promise<Map<InstanceId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('instances').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function countInstancesInState(db: Db, environmentId: string, states: InstanceState[]): Promise<number> {
  const { count } = await db
    .selectFrom('instances')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('state', 'in', states)
    .executeTakeFirstOrThrow()
  return count
}

/** Of a fleet dealt into `count` parts of about one size, the one with this index, from 0. */
export type Slice = { index: number; count: number }

export async function listInstancesInState(
  db: Db,
  environmentId: string,
  { states, slice }: { states: InstanceState[]; slice?: Slice },
): Promise<Instance[]> {
  const rows = await db
    .selectFrom('instances')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('state', 'in', states)
    .$if(!!slice && slice.count > 1, (q) =>
      q.where(sql<boolean>`abs(hashtext(id)::bigint) % ${slice!.count} = ${slice!.index}`),
    )
    .execute()
  return rows.map(instanceFrom)
}

export function instanceFrom(row: Selectable<InstancesTable>): Instance {
  return {
    id: row.id,
    environmentId: row.environment_id,
    name: row.name,
    description: row.description,
    state: row.state,
    stateReason: row.state_reason,
    stateSince: row.state_since,
    version: row.version,
    targetVersion: row.target_version,
    before: row.before,
    clusterId: row.cluster_id,
    spec: row.spec,
    features: row.features,
    authority: row.authority,
    tags: row.tags,
    nodeCount: row.node_count,
    health: row.health,
    healthReason: row.health_reason,
    downSince: row.down_since,
    canaryProblem: row.canary_problem,
    statistics: row.statistics,
    observedAt: row.observed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  }
}

function rowFrom(instance: Instance) {
  return {
    id: instance.id,
    environment_id: instance.environmentId,
    name: instance.name,
    description: instance.description,
    state: instance.state,
    state_reason: instance.stateReason,
    state_since: instance.stateSince,
    version: instance.version,
    target_version: instance.targetVersion,
    before: instance.before && JSON.stringify(instance.before),
    cluster_id: instance.clusterId,
    aku: instance.spec.reservedAku ?? 0,
    spec: JSON.stringify(instance.spec),
    features: JSON.stringify(instance.features),
    authority: JSON.stringify(instance.authority),
    tags: JSON.stringify(instance.tags),
    node_count: instance.nodeCount,
    health: instance.health,
    health_reason: instance.healthReason,
    down_since: instance.downSince,
    canary_problem: instance.canaryProblem,
    statistics: instance.statistics && JSON.stringify(instance.statistics),
    observed_at: instance.observedAt,
    created_at: instance.createdAt,
    updated_at: instance.updatedAt,
    deleted_at: instance.deletedAt,
  }
}
