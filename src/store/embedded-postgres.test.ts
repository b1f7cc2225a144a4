import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import pg from 'pg'
import { identifyProcess, isSameProcess, signalProcess, type ProcessIdentity } from '../machine/process-identity.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'

const log = { info: () => {} }

/** A home that is removed at the end of the test, whatever runs on it stopped before. */
function makeHome() {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-pg-')))
  const dispose = async () => {
    const server = await serverOf(path)
    if (server && (await signalProcess(server, 'SIGQUIT'))) while (await isSameProcess(server)) await nextTurn()
    await rm(path, { recursive: true, force: true })
  }
  return { path, [Symbol.asyncDispose]: dispose }
}

const nextTurn = () => new Promise(setImmediate)

async function serverOf(home: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')
  return await identifyProcess(Number.parseInt(text, 10))
}

async function query({ connection }: EmbeddedPostgres, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

/** Another Millrace that starts the server, says so, and is then killed. */
async function startAndDie(home: string): Promise<void> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url))}
    await startEmbeddedPostgres({ home: ${JSON.stringify(home)}, log: { info() {} } })
    console.log('runs')
    setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(createInterface(child.stdout), 'line')
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

test('starts, answers, keeps what was written, and leaves no process and no socket behind', async () => {
  await using home = makeHome()
  const first = await startEmbeddedPostgres({ home: home.path, log })
  await query(first, 'create table kept (word text)')
  await query(first, `insert into kept values ('Zürich'), ('apple'), ('Ärger')`)
  const process = (await serverOf(home.path))!
  await first.stop()
  assert.equal(await isSameProcess(process), false)
  assert.deepEqual(readdirSync(join(home.path, 'postgres')).sort(), ['data', 'log'])

  const second = await startEmbeddedPostgres({ home: home.path, log })
  const sorted = await query(second, `select word from kept order by lower(word)`)
  assert.deepEqual(sorted, [['apple'], ['Zürich'], ['Ärger']], 'by code point, in lower case')
  assert.deepEqual(await query(second, 'show fsync'), [['on']])
  assert.deepEqual(await query(second, 'show listen_addresses'), [['']])
  await second.stop()
})

test('goes on with the server that a killed Millrace left, never starts a second', async () => {
  await using home = makeHome()
  await startAndDie(home.path)
  const left = await serverOf(home.path)
  assert.ok(left, 'the server died with the one that started it')
  const adopted = await startEmbeddedPostgres({ home: home.path, log })
  assert.deepEqual(await serverOf(home.path), left)
  assert.deepEqual(await query(adopted, 'select 1'), [[1]])
  await adopted.stop()
  assert.equal(await isSameProcess(left), false)
})

test('recovers after the server itself was killed', async () => {
  await using home = makeHome()
  const first = await startEmbeddedPostgres({ home: home.path, log })
  await query(first, 'create table kept as select 7 as number')
  const server = (await serverOf(home.path))!
  await signalProcess(server, 'SIGKILL')
  while (await isSameProcess(server)) await nextTurn()
  const second = await startEmbeddedPostgres({ home: home.path, log })
  assert.deepEqual(await query(second, 'select number from kept'), [[7]])
  await second.stop()
})

test('starts although the pid of a crashed server now belongs to another program', async () => {
  await using home = makeHome()
  const first = await startEmbeddedPostgres({ home: home.path, log })
  const pidFile = join(home.path, 'postgres/data/postmaster.pid')
  const left = await readFile(pidFile, 'utf8')
  await first.stop()
  await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)))
  const second = await startEmbeddedPostgres({ home: home.path, log })
  assert.deepEqual(await query(second, 'select 1'), [[1]])
  await second.stop()
})

describe('wherever the home is', () => {
  test('listens elsewhere where the path is too long for a socket', async () => {
    await using home = makeHome()
    const deep = join(home.path, 'deep'.repeat(30))
    const server = await startEmbeddedPostgres({ home: deep, log })
    const { host } = server.connection
    assert.ok(!host.startsWith(home.path) && host.length < 100, host)
    assert.deepEqual(await query(server, 'select 1'), [[1]])
    await server.stop()
    assert.equal(existsSync(host), false)
  })

  test('refuses a folder for the socket that is open to others', async () => {
    await using home = makeHome()
    const deep = join(home.path, 'deep'.repeat(30))
    const server = await startEmbeddedPostgres({ home: deep, log })
    const { host } = server.connection
    await server.stop()
    await mkdir(host)
    await chmod(host, 0o777)
    await assert.rejects(startEmbeddedPostgres({ home: deep, log }), /is not a private folder of Millrace/)
    await rm(host, { recursive: true })
  })

  test('runs below a folder that nobody else may enter', async () => {
    await using parent = makeHome()
    await chmod(parent.path, 0o700)
    const server = await startEmbeddedPostgres({ home: join(parent.path, 'home'), log })
    assert.deepEqual(await query(server, 'select 1'), [[1]])
    await server.stop()
  })
})

describe('says what is wrong and what to do', () => {
  test('when another version wrote the files', async () => {
    await using home = makeHome()
    await (await startEmbeddedPostgres({ home: home.path, log })).stop()
    await writeFile(join(home.path, 'postgres/data/PG_VERSION'), '13\n')
    await assert.rejects(
      startEmbeddedPostgres({ home: home.path, log }),
      /written by PostgreSQL 13.*dump.*move it away/,
    )
  })

  test('when the files are damaged', async () => {
    await using home = makeHome()
    await (await startEmbeddedPostgres({ home: home.path, log })).stop()
    await rm(join(home.path, 'postgres/data/global/pg_control'))
    await assert.rejects(
      startEmbeddedPostgres({ home: home.path, log }),
      /ended at its start.*pg_control.*move it away/s,
    )
  })
})

test('makes the files anew where a crash left them half made', async () => {
  await using home = makeHome()
  await mkdir(join(home.path, 'postgres/data.new/base'), { recursive: true })
  const server = await startEmbeddedPostgres({ home: home.path, log })
  assert.deepEqual(await query(server, 'select 1'), [[1]])
  await server.stop()
})
