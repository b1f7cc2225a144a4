import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHomeId } from '../../src/machine/home-lock.ts'
import { listNodeProcesses, type NodeProcess } from '../../src/providers/local/node-processes.ts'
import { mourn } from '../harness/mourn.ts'

/** A whole Millrace with real Kafka in a home of its own: started, killed and started again as a person would. */
export type ServedHome = {
  home: string
  start(): Promise<Server>
  /** Runs `src/stop.ts` on the home; resolves to what it printed. */
  stopNodes(): Promise<string>
  nodeProcesses(): Promise<NodeProcess[]>
  /** Folders of Instances that are still there. */
  instanceFolders(): Promise<string[]>
  cleanUp(): Promise<void>
}

export type Server = {
  /** `http://127.0.0.1:…` */
  address: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever fields it is about.
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>
  /** What is no JSON. */
  read(path: string): Promise<{ status: number; text: string }>
  /** Ends the server process alone, and waits for that. */
  end(signal: NodeJS.Signals): Promise<void>
}

const checkout = join(import.meta.dirname, '../..')
const credentials = { user: 'admin', password: 'Water-wheel-7' }

/** `settings` are environment variables of the server. */
export async function makeServedHome(settings: Record<string, string> = {}): Promise<ServedHome> {
  const shared = process.env['MILLRACE_TEST_HOME'] ?? join(tmpdir(), '.millrace-test')
  const home = await mkdtemp(join(tmpdir(), 'millrace-served-'))
  const mourner = mourn(home)
  await mkdir(join(shared, 'kafka'), { recursive: true })
  await symlink(join(shared, 'kafka'), join(home, 'kafka'))
  const servers: ChildProcess[] = []
  const environment = {
    ...process.env,
    MILLRACE_HOME: home,
    PORT: '0',
    MILLRACE_INITIAL_PASSWORD: credentials.password,
    ...settings,
  }

  const run = (program: string) => {
    const child = spawn(process.execPath, [join(checkout, program)], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.setEncoding('utf8')
    return child
  }
  const stopNodes = async () => {
    const child = run('src/stop.ts')
    let printed = ''
    child.stdout.on('data', (text: string) => (printed += text))
    await once(child, 'close')
    return printed
  }
  return {
    home,
    async start() {
      const child = run('src/main.ts')
      servers.push(child)
      return serverOf(child, await addressOf(child))
    },
    stopNodes,
    nodeProcesses: async () => listNodeProcesses(`${await readHomeId(home)}/`),
    instanceFolders: async () =>
      (await readdir(join(home, 'nodes')).catch(() => [])).filter((name) => name.startsWith('kf-')),
    async cleanUp() {
      for (const child of servers) await endOf(child, 'SIGTERM')
      await stopNodes()
      await rm(home, { recursive: true, force: true })
      mourner[Symbol.dispose]()
    },
  }
}

/** The address that the server prints when it is ready. */
async function addressOf(child: ChildProcess): Promise<string> {
  let printed = ''
  for await (const text of child.stdout!) {
    printed += String(text)
    const address = /Millrace is ready: (\S+)/.exec(printed)?.[1]
    if (address) return address
  }
  throw new Error(`Millrace did not start: ${printed}`)
}

async function serverOf(child: ChildProcess, address: string): Promise<Server> {
  // Nobody reads on: the pipe must not fill.
  child.stdout!.resume()
  const send = (method: string, path: string, more: { body?: unknown; cookie?: string }) =>
    fetch(`${address}/api/v1${path}`, {
      method,
      headers: { ...(more.cookie && { cookie: more.cookie }), 'content-type': 'application/json' },
      ...(more.body !== undefined && { body: JSON.stringify(more.body) }),
    })
  const signedIn = await send('POST', '/sessions', { body: credentials })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  return {
    address,
    async call(method, path, body) {
      const answer = await send(method, path, { body, cookie })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    async read(path) {
      const answer = await send('GET', path, { cookie })
      return { status: answer.status, text: await answer.text() }
    },
    end: (signal) => endOf(child, signal),
  }
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
