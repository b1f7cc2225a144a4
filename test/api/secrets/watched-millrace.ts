import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { makeSecretBox } from '../../../src/store/secret-box.ts'
import { makeDatabase } from '../../harness/database.ts'
import { mourn } from '../../harness/mourn.ts'
import { until } from '../../harness/until.ts'

/** A Millrace process of which all is seen: what it prints, and its database as text. */
export type WatchedMillrace = {
  url: string
  environmentId: string
  /** The key that seals secrets, as the setting has it. */
  secretKey: string
  printed(): string
  databaseText(): Promise<string>
  /** What lies sealed in the database, opened. */
  opened(): Promise<string[]>
  [Symbol.asyncDispose](): Promise<void>
}

const checkout = join(import.meta.dirname, '../../..')

export async function startWatchedMillrace(settings: Record<string, string>): Promise<WatchedMillrace> {
  const database = await makeDatabase()
  const { host, user, database: name } = database.connection
  const home = await mkdtemp(join(tmpdir(), 'millrace-watched-'))
  const mourner = mourn(home)
  const secretKey = randomBytes(32).toString('base64')
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: checkout,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      MILLRACE_HOME: home,
      MILLRACE_PROVIDER: 'simulated',
      MILLRACE_SECRET_KEY: secretKey,
      DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host!)}`,
      LOG_LEVEL: 'debug',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text))
  const address = () => /Millrace is ready: (\S+)/.exec(printed)?.[1]
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (!hasEnded()) {
      const ended = once(child, 'close')
      child.kill('SIGTERM')
      await ended
    }
    await rm(home, { recursive: true, force: true })
    mourner[Symbol.dispose]()
    await database[Symbol.asyncDispose]()
  }
  await until(() => address() !== undefined || hasEnded(), 60_000)
  const url = address()
  if (url === undefined) {
    await stop()
    throw new Error(`Millrace did not start: ${printed}`)
  }

  const databaseText = () => textOf(database.db)
  return {
    url,
    environmentId: 'env-local',
    secretKey,
    printed: () => printed,
    databaseText,
    opened: async () => openAll(await databaseText(), secretKey),
    [Symbol.asyncDispose]: stop,
  }
}

/** Every row of every table, all columns as text. */
async function textOf(db: Parameters<ReturnType<typeof sql>['execute']>[0]): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(db)
  const texts = rows.map(async ({ name }) => {
    const table = await sql<{ text: string }>`select row::text as text from ${sql.table(name)} as row`.execute(db)
    return `${name}:\n${table.rows.map(({ text }) => text).join('\n')}`
  })
  return (await Promise.all(texts)).join('\n')
}

function openAll(text: string, secretKey: string): string[] {
  const box = makeSecretBox([Buffer.from(secretKey, 'base64')])
  return (text.match(/\bv1\.[0-9a-f]{8}(?:\.[\w-]*){4}/g) ?? []).map((sealed) => {
    const owner = Buffer.from(sealed.split('.')[2]!, 'base64url').toString()
    return box.open(sealed, owner)
  })
}
