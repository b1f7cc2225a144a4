import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './real-home.ts'

/** Debian's Prometheus on a port of its own, that takes remote write from who signs in: a receiver that is not ours. */
export type Prometheus = {
  endPoint: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Series that the query finds, each with its labels and its samples as `[seconds, value]`. */
  series(query: string, lookBack: string): Promise<FoundSeries[]>
  cleanUp(): Promise<void>
}

export type FoundSeries = { metric: Record<string, string>; values: [number, string][] }

export const receiver = { username: 'millrace', password: 'mill-race-7' }

/** bcrypt of the password, as Prometheus wants it. */
const passwordHash = '$2b$04$oQjAtu3fncZ2.WWk.g5Xh.FT8uG/B7F.iAKHeA.6aZ.KmM7uQ7e/a'

export async function makePrometheus(): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-prometheus-'))
  await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n')
  await writeFile(join(folder, 'web.yml'), `basic_auth_users:\n  ${receiver.username}: ${passwordHash}\n`)
  const address = `127.0.0.1:${await freePort()}`
  const authorization = `Basic ${Buffer.from(`${receiver.username}:${receiver.password}`).toString('base64')}`
  const ask = (path: string) => fetch(`http://${address}${path}`, { headers: { authorization } })
  let child: ChildProcess | undefined

  const stop = async () => {
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return {
    endPoint: `http://${address}/api/v1/write`,
    async start() {
      const files = { 'config.file': 'prometheus.yml', 'web.config.file': 'web.yml', 'storage.tsdb.path': 'data' }
      const flags = Object.entries(files).map(([flag, name]) => `--${flag}=${join(folder, name)}`)
      child = spawn(
        'prometheus',
        [...flags, `--web.listen-address=${address}`, '--web.enable-remote-write-receiver', '--log.level=error'],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )
      await eventually(30_000, async () => {
        const status = await ask('/-/ready').then(
          (answer) => answer.status,
          () => 0,
        )
        return status === 200 || `it answers ${status}`
      })
    },
    stop,
    async series(query, lookBack) {
      const answer = await ask(`/api/v1/query?query=${encodeURIComponent(`${query}[${lookBack}]`)}`)
      const { data } = (await answer.json()) as { data: { result: FoundSeries[] } }
      return data.result
    },
    async cleanUp() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}
