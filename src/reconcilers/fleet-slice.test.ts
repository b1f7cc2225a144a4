import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { makeDatabase } from '../../test/harness/database.ts'
import { makeStage } from '../../test/harness/world.ts'
import { instanceIdFrom } from '../domain/id.ts'
import { getInstance, insertInstance } from '../store/instances.ts'
import { getOperation } from '../store/operations.ts'
import { fleetSlice } from './fleet-slice.ts'

test('goes through a fleet in slices and misses nobody', async () => {
  await using database = await makeDatabase()
  const stage = await makeStage(database.db)
  const { instanceId } = await getOperation(database.db, await stage.create())
  const instance = await getInstance(database.db, instanceId)
  await database.db.transaction().execute(async (tx) => {
    for (let count = 1; count < 1_200; count++)
      await insertInstance(tx, { ...instance, id: instanceIdFrom(randomBytes(16)), name: `fleet-${count}` })
  })
  const round = { ...stage, random: (bytes: number) => randomBytes(bytes) }
  const rounds: string[][] = []
  for (let turn = 0; turn < 12; turn++) {
    const slice = await fleetSlice(round, turn, { states: ['Creating'], everySeconds: 1, lookEverySeconds: 3 })
    rounds.push(slice.map(({ id }) => id))
    assert.ok(slice.every(({ everyMs }) => everyMs === 12_000))
  }
  const seen = rounds.flat()
  assert.equal(new Set(seen).size, 1_200)
  assert.equal(seen.length, 1_200, 'somebody was looked at twice')
  for (const round of rounds) assert.ok(round.length > 60 && round.length < 140, `${round.length} in one round`)
})

test('looks at a small fleet no oftener than it should, and shares the looks out', async () => {
  await using database = await makeDatabase()
  const stage = await makeStage(database.db)
  await stage.create()
  const round = { ...stage, random: (bytes: number) => randomBytes(bytes) }
  const seen: number[] = []
  for (let turn = 7; turn < 13; turn++) {
    const slice = await fleetSlice(round, turn, { states: ['Creating'], everySeconds: 1, lookEverySeconds: 3 })
    seen.push(...slice.map(({ everyMs }) => everyMs))
  }
  assert.deepEqual(seen, [3_000, 3_000])
})
