import { sql } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import { longestWaitMs } from '../domain/metrics-delivery.ts'
import type { Db } from './database.ts'

/** What waits to be sent on, each parcel what one look at an Instance brought. */
export type NewParcel = {
  id: InstanceId
  at: Date
  samples: number
  samplesPerMinute: number
  /** When the next one should be there at the latest. */
  nextDueAt: Date
  /** Encoded series. */
  body: Buffer
}

/** So much waits for one Instance at most: fifty minutes of one with hundreds of busy topics. Ten thousand fill it in minutes. */
const mostWaitingBytes = 64 * 2 ** 20

/**
 * Lays parcels down behind those that wait, and drops what has waited too long, and the oldest of whoever has too much. What is for
 * an Instance whose metrics are not sent on any more is left out.
 */
export async function addParcels(db: Db, parcels: NewParcel[]): Promise<void> {
  if (parcels.length === 0) return
  const rows = parcels.map(({ body, ...parcel }) => ({ ...parcel, body: body.toString('base64') }))
  const ids = parcels.map(({ id }) => id)
  await db.transaction().execute(async (tx) => {
    await sql`
      with given as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as given (id text, at timestamptz, samples integer, "samplesPerMinute" integer, "nextDueAt" timestamptz, body text)
      ),
      open as (
        update metrics_deliveries
        set samples_per_minute = given."samplesPerMinute", measured_at = given.at, measure_due_at = given."nextDueAt"
        from given where instance_id = given.id returning instance_id
      )
      insert into metrics_parcels (instance_id, at, samples, body)
      select given.id, given.at, given.samples, decode(given.body, 'base64')
      from given join open on open.instance_id = given.id`.execute(tx)
    await sql`
      with placed as (
        select id, sum(length(body)) over newer as bytes, max(at) over newer - at as waited
        from metrics_parcels where instance_id = any(${ids}::text[])
        window newer as (partition by instance_id order by id desc)
      ),
      dropped as (
        delete from metrics_parcels
        where id in (
          select id from placed
          where bytes > ${mostWaitingBytes} or waited > ${longestWaitMs} * interval '1 millisecond'
        )
        returning instance_id, samples
      ),
      sums as (select instance_id, sum(samples) as samples from dropped group by instance_id)
      update metrics_deliveries set dropped = metrics_deliveries.dropped + sums.samples
      from sums where sums.instance_id = metrics_deliveries.instance_id`.execute(tx)
  })
}

export type Parcel = { parcelId: number; samples: number; body: Buffer }

/** The oldest that wait, not more bytes than asked for, but one at least. */
export async function listOldestParcels(db: Db, instanceId: InstanceId, mostBytes: number): Promise<Parcel[]> {
  const { rows } = await sql<Parcel>`
    select "parcelId", samples, body from (
      select id as "parcelId", samples, body, sum(length(body)) over (order by id) - length(body) as before
      from metrics_parcels where instance_id = ${instanceId} order by id limit 60
    ) oldest
    where before = 0 or before + length(body) <= ${mostBytes}
    order by "parcelId"`.execute(db)
  return rows
}

export async function deleteParcels(db: Db, parcels: Parcel[]): Promise<void> {
  const ids = parcels.map(({ parcelId }) => parcelId)
  if (ids.length > 0) await db.deleteFrom('metrics_parcels').where('id', 'in', ids).execute()
}
