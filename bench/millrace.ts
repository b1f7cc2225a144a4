import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readHomeId } from '../src/machine/home-lock.ts'
import { stopHome } from '../src/providers/local/stop-home.ts'
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts'
import { makeApi, type Api } from './api.ts'
import { takenAwayAtLast } from './leftovers.ts'

/** The real server as a process of its own, on a free port and a home that goes away with it, nodes and database included. */
export type Millrace = {
  home: string
  pid: number
  api: Api
  /** Milliseconds from the start of the process to the line that says it is ready. */
  readyMs: number
  /** Without a chance to say goodbye. Database and nodes live on. */
  kill(): Promise<void>
  /** Again, on the same home. */
  restart(): Promise<Millrace>
  [Symbol.asyncDispose](): Promise<void>
}

const checkout = join(import.meta.dirname, '..')
const password = 'Water-wheel-7'

/** Versions of Kafka are fetched once for all runs. */
const sharedKafka = join(process.env['MILLRACE_TEST_HOME'] ?? join(tmpdir(), '.millrace-test'), 'kafka')

export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  await mkdir(sharedKafka, { recursive: true })
  await symlink(sharedKafka, join(home, 'kafka'))
  return home
}

type Settings = { provider: 'local' | 'simulated'; home?: string }

export async function startMillrace({ provider, home: given }: Settings): Promise<Millrace> {
  const home = given ?? (await makeHome())
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: checkout,
    env: {
      PATH: process.env['PATH'],
      JAVA_HOME: process.env['JAVA_HOME'],
      NODE_COMPILE_CACHE: join(checkout, 'node_modules/.cache/compile'),
      HOST: '127.0.0.1',
      PORT: '0',
      MILLRACE_HOME: home,
      MILLRACE_PROVIDER: provider,
      MILLRACE_INITIAL_PASSWORD: password,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // A bench that is ended, or breaks, takes its Millrace with it.
  const endChild = () => void child.kill('SIGTERM')
  process.once('exit', endChild)
  child.once('exit', () => process.off('exit', endChild))
  const dispose = takenAwayAtLast(() => takeAway(home, child))
  const url = await readUrl(child).catch(async (thrown: unknown) => {
    await dispose()
    throw thrown
  })
  const readyMs = performance.now() - startedAt
  return {
    home,
    pid: child.pid!,
    api: await makeApi(url, { user: 'admin', password }),
    readyMs,
    kill: () => end(child, 'SIGKILL'),
    restart: () => startMillrace({ provider, home }),
    [Symbol.asyncDispose]: dispose,
  }
}

async function readUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    const url = /Millrace is ready: (\S+)/.exec(line)?.[1]
    if (url) {
      // Whatever else it says must not fill the pipe.
      child.stdout!.resume()
      return url
    }
  }
  throw new Error('Millrace ended before it was ready')
}

async function takeAway(home: string, child: ChildProcess): Promise<void> {
  await end(child, 'SIGTERM')
  // Another Millrace on the same home took it away with itself.
  if (!existsSync(home)) return
  // A Millrace that was killed has left its database running.
  if (existsSync(join(home, 'postgres/data/postmaster.pid'))) {
    await (await startEmbeddedPostgres({ home, log: { info() {} } })).stop()
  }
  await stopHome({ home, homeId: await readHomeId(home), graceMs: 0 })
  await rm(home, { recursive: true, force: true })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
