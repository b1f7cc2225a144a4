import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { identifyProcess, isSameProcess, signalProcess, type ProcessIdentity } from '../machine/process-identity.ts'
import { packagedBinaries } from './postgres/binaries.ts'
import { ensureDataFolder, superuser, wayOut, type DataFolder } from './postgres/data-folder.ts'
import { chooseUser } from './postgres/run-as.ts'
import { makeSocketFolder, removeSocketFolder, socketFolder } from './postgres/socket-folder.ts'

/**
 * A PostgreSQL of one's own for a home, below `<home>/postgres`: one folder, one server, one unix socket that only this
 * user can reach; nothing on the network. It is a process apart: it lives on when Millrace is killed, and the next start
 * finds it and goes on with it, so that there are never two on one folder. `stop` ends it in order.
 */
export type EmbeddedPostgres = {
  connection: { host: string; user: string; database: string }
  stop(): Promise<void>
}

export type EmbeddedPostgresRequest = {
  home: string
  log: { info(words: string): void }
  /** The folder of another PostgreSQL's `initdb` and `postgres`. */
  binaries?: string
}

type Server = DataFolder & { logFile: string; sockets: string }

const startLimitMs = 60_000
const stopLimitMs = 60_000

export async function startEmbeddedPostgres(request: EmbeddedPostgresRequest): Promise<EmbeddedPostgres> {
  const server = await prepare(request)
  const adopted = await adopt(server)
  const identity = adopted ?? (await start(server))
  request.log.info(`The embedded PostgreSQL ${adopted ? 'was found running' : 'runs'} as process ${identity.pid}.`)
  return { connection: connectionTo(server), stop: () => stop(server, identity) }
}

async function prepare({ home, binaries }: EmbeddedPostgresRequest): Promise<Server> {
  await mkdir(join(home, 'postgres'), { recursive: true, mode: 0o700 })
  const folder = await realpath(join(home, 'postgres'))
  const programs = await realpath(binaries ?? (await packagedBinaries()))
  const runAs = await chooseUser([join(folder, '..'), join(programs, 'postgres')])
  await runAs.give(folder)
  return {
    runAs,
    binaries: programs,
    data: join(folder, 'data'),
    logFile: join(folder, 'log'),
    sockets: await socketFolder(folder),
  }
}

function connectionTo({ sockets }: Server): EmbeddedPostgres['connection'] {
  return { host: sockets, user: superuser, database: 'postgres' }
}

/** The server that runs on this folder already, once it answers. */
async function adopt(server: Server): Promise<ProcessIdentity | undefined> {
  const identity = await runningServer(server)
  if (!identity) return undefined
  const deadline = performance.now() + startLimitMs
  // It may be starting, recovering or stopping: in a while it answers or is gone.
  while (!(await answers(server))) {
    if (!(await isSameProcess(identity))) return undefined
    // Something took its socket away. Nobody else uses it: whoever starts it holds the home.
    if (performance.now() > deadline) return await stop(server, identity).then(() => undefined)
    await sleep(20)
  }
  return identity
}

/** Whose pid the server's own file names, if that is truly a server on this folder. */
async function runningServer({ data }: Server): Promise<ProcessIdentity | undefined> {
  const pidFile = join(data, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => '')
  const identity = await identifyProcess(Number.parseInt(text, 10))
  if (!identity) return undefined
  const command = await commandOf(identity.pid)
  if (command.includes(data)) return identity
  // After a crash of the machine the pid went to another program; PostgreSQL cannot tell and would refuse to start.
  // Another PostgreSQL may be on these files by another path: then refusing is right.
  if (!command.includes('postgres')) await rm(pidFile)
  return undefined
}

async function commandOf(pid: number): Promise<string> {
  const ps = spawn('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
  const words = await ps.stdout.setEncoding('utf8').toArray()
  return words.join('')
}

async function start(server: Server): Promise<ProcessIdentity> {
  const { binaries, data, runAs, sockets, logFile } = server
  await ensureDataFolder(server)
  await makeSocketFolder(sockets, runAs)
  const log = await open(logFile, 'w', 0o600)
  const { file, args, ...user } = runAs.command(join(binaries, 'postgres'), ['-D', data, ...settings(sockets)])
  // In a session of its own: Ctrl-C in the terminal is meant for Millrace alone.
  const child = spawn(file, args, { ...user, cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] })
  child.unref()
  await once(child, 'spawn').finally(() => log.close())
  const deadline = performance.now() + startLimitMs
  while (!(await answers(server))) {
    if (child.exitCode !== null || child.signalCode !== null) throw await failure(server, 'ended')
    if (performance.now() > deadline) throw await failure(server, `gave no answer for ${startLimitMs / 1000} s`)
    await sleep(10)
  }
  const identity = await identifyProcess(child.pid!)
  if (!identity) throw await failure(server, 'ended')
  return identity
}

/** Given at each start, not kept with the files, so that a new Millrace has its own. */
function settings(sockets: string): string[] {
  const values = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: '32MB',
    max_wal_size: '256MB',
    // What Millrace keeps fits in memory: reading here and there is no dearer than reading in order.
    random_page_cost: 1.1,
    // Its statements are short: compiling one takes longer than running it.
    jit: 'off',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function answers(server: Server): Promise<boolean> {
  const client = new pg.Client({ ...connectionTo(server), connectionTimeoutMillis: 2_000 })
  // A server that is stopping may cut the connection at any moment.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function failure({ data, logFile }: Server, what: string): Promise<Error> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n')
  const word = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1)
  return new Error(
    `The embedded PostgreSQL ${what} at its start: ${word || 'it said nothing'} (all of it: ${logFile}). ` +
      `If its files are damaged: ${wayOut(data)}`,
  )
}

/** A "fast" stop: connections are cut, open transactions undone, everything is written. */
async function stop({ sockets }: Server, identity: ProcessIdentity): Promise<void> {
  await signalProcess(identity, 'SIGINT')
  const deadline = performance.now() + stopLimitMs
  while (await isSameProcess(identity)) {
    if (performance.now() > deadline) {
      throw new Error(`The embedded PostgreSQL (process ${identity.pid}) did not stop in ${stopLimitMs / 1000} s.`)
    }
    await sleep(10)
  }
  await removeSocketFolder(sockets)
}
