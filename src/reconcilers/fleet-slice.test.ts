import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { makeDatabase } from '../../test/harness/database.ts'
import { makeStage } from '../../test/harness/world.ts'
import { getOperation } from '../store/operations.ts'
import { fleetSlice } from './fleet-slice.ts'

test('goes through a fleet in slices and misses nobody', async () => {
  await using database = await makeDatabase()
  const stage = await makeStage(database.db)
  const { instanceId } = await getOperation(database.db, await stage.create())
  await sql`insert into instances
    select (jsonb_populate_record(row, jsonb_build_object('id', 'kf-' || n, 'name', 'fleet-' || n))).*
    from instances row, generate_series(1, 1199) n where row.id = ${instanceId}`.execute(database.db)
  const round = { ...stage, random: (bytes: number) => randomBytes(bytes) }
  const rounds: string[][] = []
  for (let turn = 0; turn < 4; turn++) {
    const slice = await fleetSlice(round, { states: ['Creating'], everySeconds: 3 })
    rounds.push(slice.map(({ id }) => id))
    stage.pass(3_000)
  }
  const seen = rounds.flat()
  assert.equal(new Set(seen).size, 1_200)
  assert.equal(seen.length, 1_200, 'somebody was looked at twice')
  for (const round of rounds) assert.ok(round.length > 200 && round.length < 400, `${round.length} in one round`)
})
