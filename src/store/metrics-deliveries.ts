import { sql, type Selectable } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Delivery } from '../domain/metrics-delivery.ts'
import type { Db, Tx } from './database.ts'
import type { MetricsDeliveriesTable } from './tables.ts'

/** How it goes with sending the metrics of Instances on: a row each while they are to be sent. */

/** From now on, or to another receiver: what waits is tried at once, and who still sends to the former one has no say here. */
export async function openDelivery(tx: Tx, instanceId: InstanceId): Promise<void> {
  const anew = {
    failures: 0,
    retry_at: null,
    last_error: null,
    last_error_at: null,
    last_success_at: null,
    dropped: 0,
    trouble_told: false,
    lease_until: null,
    lease_id: null,
  }
  await tx
    .insertInto('metrics_deliveries')
    .values({ instance_id: instanceId, ...anew })
    .onConflict((conflict) => conflict.column('instance_id').doUpdateSet(anew))
    .execute()
}

/** With all that waits. */
export async function closeDelivery(tx: Tx, instanceId: InstanceId): Promise<void> {
  await tx.deleteFrom('metrics_deliveries').where('instance_id', '=', instanceId).execute()
}

export async function findDelivery(db: Db, instanceId: InstanceId): Promise<Delivery | undefined> {
  const row = await db
    .selectFrom('metrics_deliveries')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('metrics_parcels')
        .select(sql<number>`coalesce(sum(samples), 0)::bigint`.as('sum'))
        .whereRef('metrics_parcels.instance_id', '=', 'metrics_deliveries.instance_id')
        .as('queued'),
    )
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  return row && { ...deliveryFrom(row), queued: row.queued ?? 0 }
}

const deliveryFrom = (row: Selectable<MetricsDeliveriesTable>): Omit<Delivery, 'queued'> => ({
  lastSuccessAt: row.last_success_at,
  lastError: row.last_error,
  lastErrorAt: row.last_error_at,
  failures: row.failures,
  retryAt: row.retry_at,
  dropped: row.dropped,
  samplesPerMinute: row.samples_per_minute,
  measuredAt: row.measured_at,
  measureDueAt: row.measure_due_at,
})

/** Instances with something to send whose time has come and that nobody sends for now. */
export async function listDueDeliveries(db: Db, environmentId: string, now: Date): Promise<InstanceId[]> {
  const rows = await db
    .selectFrom('metrics_deliveries as delivery')
    .innerJoin('instances', 'instances.id', 'delivery.instance_id')
    .select('delivery.instance_id')
    .where('instances.environment_id', '=', environmentId)
    .where((eb) => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<=', now)]))
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('metrics_parcels')
          .select('id')
          .whereRef('metrics_parcels.instance_id', '=', 'delivery.instance_id'),
      ),
    )
    .limit(500)
    .execute()
  return rows.map(({ instance_id: id }) => id)
}

/** How it stood until now. */
export type Leased = {
  instanceId: InstanceId
  leaseId: string
  /** In a row. */
  failures: number
  lastSuccessAt: Date | null
  troubleTold: boolean
}

/** Undefined: somebody else sends for this Instance. */
export async function leaseDelivery(
  db: Db,
  instanceId: InstanceId,
  { now, until }: { now: Date; until: Date },
): Promise<Leased | undefined> {
  const row = await db
    .updateTable('metrics_deliveries')
    .set({ lease_until: until, lease_id: sql`gen_random_uuid()` })
    .where('instance_id', '=', instanceId)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .returning(['lease_id', 'failures', 'last_success_at', 'trouble_told'])
    .executeTakeFirst()
  if (!row?.lease_id) return undefined
  const { lease_id: leaseId, failures, last_success_at: lastSuccessAt, trouble_told: troubleTold } = row
  return { instanceId, leaseId, failures, lastSuccessAt, troubleTold }
}

type Lease = Pick<Leased, 'instanceId' | 'leaseId'>

/**
 * Does it still hold, and will until the transaction ends? Not after another receiver was set, and not when it ran out and
 * somebody else sends.
 */
export async function holdDelivery(tx: Tx, { instanceId, leaseId }: Lease): Promise<boolean> {
  const row = await tx
    .selectFrom('metrics_deliveries')
    .select('instance_id')
    .where('instance_id', '=', instanceId)
    .where('lease_id', '=', leaseId)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function releaseDelivery(db: Db, { instanceId, leaseId }: Lease): Promise<void> {
  await db
    .updateTable('metrics_deliveries')
    .set({ lease_until: null, lease_id: null })
    .where('instance_id', '=', instanceId)
    .where('lease_id', '=', leaseId)
    .execute()
}

/** What its Activity has been told. */
export async function recordTold(tx: Tx, instanceId: InstanceId, troubleTold: boolean): Promise<void> {
  await tx
    .updateTable('metrics_deliveries')
    .set({ trouble_told: troubleTold })
    .where('instance_id', '=', instanceId)
    .execute()
}

/** It took what it was sent. */
export async function recordTaken(db: Db, instanceId: InstanceId, now: Date): Promise<void> {
  const values = { last_success_at: now, failures: 0, retry_at: null }
  await db.updateTable('metrics_deliveries').set(values).where('instance_id', '=', instanceId).execute()
}

export type Later = { why: string; failures: number; now: Date; retryAt: Date }

/** It may take it later. */
export async function recordLater(
  db: Db,
  instanceId: InstanceId,
  { why, failures, now, retryAt }: Later,
): Promise<void> {
  const values = { last_error: why, last_error_at: now, failures, retry_at: retryAt }
  await db.updateTable('metrics_deliveries').set(values).where('instance_id', '=', instanceId).execute()
}

export type Refused = { why: string; samples: number; now: Date }

/** It will never take it. */
export async function recordRefused(db: Db, instanceId: InstanceId, { why, samples, now }: Refused): Promise<void> {
  const values = { last_error: why, last_error_at: now, failures: 0, retry_at: null }
  await db
    .updateTable('metrics_deliveries')
    .set({ ...values, dropped: sql`dropped + ${samples}` })
    .where('instance_id', '=', instanceId)
    .execute()
}

/** Of Instances that are gone. */
export async function deleteOrphanedDeliveries(db: Db): Promise<void> {
  await db
    .deleteFrom('metrics_deliveries')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('instances')
          .select('id')
          .whereRef('instances.id', '=', 'metrics_deliveries.instance_id')
          .where('deleted_at', 'is not', null),
      ),
    )
    .execute()
}
