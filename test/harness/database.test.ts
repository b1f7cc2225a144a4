import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { makeDatabase } from './database.ts'

test('each test has a migrated database of its own', async () => {
  await using first = await makeDatabase()
  await using second = await makeDatabase()
  await sql`create table mine (word text)`.execute(first.db)
  await assert.rejects(sql`select * from mine`.execute(second.db), /does not exist/)
  assert.deepEqual(await first.db.selectFrom('instances').selectAll().execute(), [])
})

test('a database is gone after its test', async () => {
  const database = await makeDatabase()
  const { connection } = database
  await database[Symbol.asyncDispose]()
  await using other = await makeDatabase()
  const { rows } = await sql`select 1 from pg_database where datname = ${connection.database}`.execute(other.db)
  assert.deepEqual(rows, [])
})
