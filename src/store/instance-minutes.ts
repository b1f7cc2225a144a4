import { sql } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Db } from './database.ts'

/** What Instances did, minute by minute. Rates per second, sizes in bytes; null: nobody knows. */
export type InstanceMinute = {
  at: Date
  bytesIn: number | null
  bytesOut: number | null
  requests: number | null
  storageBytes: number | null
}

export type MinuteOf = InstanceMinute & { id: InstanceId }

/** Of two that write the same minute the first stays. */
export async function insertMinutes(db: Db, minutes: MinuteOf[]): Promise<void> {
  if (minutes.length === 0) return
  const rows = minutes.map(({ id, at, bytesIn, bytesOut, requests, storageBytes }) => ({
    instance_id: id,
    at,
    bytes_in: bytesIn,
    bytes_out: bytesOut,
    requests,
    storage_bytes: storageBytes,
  }))
  await db
    .insertInto('instance_minutes')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['instance_id', 'at']).doNothing())
    .execute()
}

export type Stretch = { from: Date; everySeconds: number }

/** In order of time, averaged over stretches that begin at whole multiples of their length; where nothing was seen there is none. */
export async function listMinutes(db: Db, id: InstanceId, { from, everySeconds }: Stretch): Promise<InstanceMinute[]> {
  const { rows } = await sql<InstanceMinute>`
    select date_bin(${`${everySeconds} seconds`}::interval, at, timestamptz 'epoch') as at,
      avg(bytes_in)::float8 as "bytesIn", avg(bytes_out)::float8 as "bytesOut", avg(requests)::float8 as requests,
      avg(storage_bytes)::float8 as "storageBytes"
    from instance_minutes
    where instance_id = ${id} and at >= ${from}
    group by 1 order by 1`.execute(db)
  return rows
}

export async function deleteMinutesBefore(db: Db, time: Date): Promise<void> {
  await db.deleteFrom('instance_minutes').where('at', '<', time).execute()
}
