import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
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

test('a server does not outlive the run that started it, even one that is killed', async () => {
  const program = `
    import { startTestServer } from ${JSON.stringify(new URL('./postgres-server.ts', import.meta.url))}
    console.log((await startTestServer()).connection.host)
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [host] = await once(child.stdout.setEncoding('utf8'), 'data')
  const home = String(host).replace(/\/postgres\/socket\n$/, '')
  await once(child, 'exit')
  while (existsSync(home)) await sleep(20)
})
