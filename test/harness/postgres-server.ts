import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrateToLatest, openDatabase } from '../../src/store/database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/store/embedded-postgres.ts'

/**
 * One PostgreSQL for a whole test run, with a migrated database to copy. A copy takes a few hundredths of a second, a
 * migration much longer. Nothing on it outlives the run, so it may lose everything in a crash, and is the faster for it.
 */
export type TestServer = EmbeddedPostgres

type Connection = EmbeddedPostgres['connection']

const template = 'migrated'

/** `binaries`: those of another PostgreSQL than the embedded one. */
export async function startTestServer(binaries?: string): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-test-'))
  const server = await startEmbeddedPostgres({ home, log: { info: () => {} }, ...(binaries && { binaries }) })
  const mourner = await mourn(home)
  const stop = async () => {
    mourner.kill('SIGKILL')
    await server.stop()
    await rm(home, { recursive: true })
  }
  try {
    await runStatements(server.connection, [
      'alter system set fsync = off',
      'alter system set synchronous_commit = off',
      'alter system set full_page_writes = off',
      'select pg_reload_conf()',
      `create database ${template}`,
    ])
    const db = openDatabase({ ...server.connection, database: template })
    await migrateToLatest(db).finally(() => db.destroy())
    return { connection: server.connection, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/**
 * The server outlives whoever started it, which is right for Millrace and a nuisance for tests: a run that is killed would
 * leave it. This shell holds the other end of a pipe of ours, sees it close, and then ends the server and its folder.
 */
async function mourn(home: string) {
  const [pid = ''] = (await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
  const script = 'cat >/dev/null; kill -INT "$0"; while kill -0 "$0"; do sleep 0.1; done; rm -rf "$1"'
  const shell = spawn('sh', ['-c', script, pid, home], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  // A pipe of a child is a socket to Node, though its type does not say so.
  ;(shell.stdin as Socket).unref()
  return shell
}

/** A fresh migrated database, and how to drop it, whoever is still connected. */
export async function copyDatabase(server: Connection): Promise<{ connection: Connection; drop(): Promise<void> }> {
  const database = `test_${randomBytes(8).toString('hex')}`
  await runStatements(server, [`create database ${database} template ${template}`])
  return {
    connection: { ...server, database },
    drop: () => runStatements(server, [`drop database ${database} with (force)`]),
  }
}

async function runStatements(connection: Connection, statements: string[]): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
