import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { majorVersion } from './binaries.ts'
import type { RunAs } from './run-as.ts'

export const superuser = 'millrace'

export type DataFolder = { data: string; binaries: string; runAs: RunAs }

/** Makes the folder with the files of the database where there is none yet, whole or not at all. */
export async function ensureDataFolder({ data, binaries, runAs }: DataFolder): Promise<void> {
  if (existsSync(data)) return await checkVersion(data, binaries)
  const draft = `${data}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await runAs.give(draft)
  const { file, args, ...user } = runAs.command(join(binaries, 'initdb'), [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--no-instructions',
    ...localeOptions(await majorVersion(binaries)),
  ])
  // Programs that start where they may not be complain of it.
  await promisify(execFile)(file, args, { ...user, cwd: '/' }).catch((thrown: { stderr?: string }) => {
    throw new Error(`The embedded PostgreSQL could not make ${draft}: ${thrown.stderr?.trim()}`, { cause: thrown })
  })
  await rename(draft, data)
}

/** Text sorts by code point, alike on every machine, and letters of all scripts have upper and lower case. */
function localeOptions(version: number): string[] {
  const hasBuiltin = version >= 17
  return hasBuiltin ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8']
}

async function checkVersion(data: string, binaries: string): Promise<void> {
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').then(Number, () => undefined)
  if (found === undefined) throw new Error(`${data} is damaged: it has no PG_VERSION. ${wayOut(data)}`)
  const wanted = await majorVersion(binaries)
  if (found === wanted) return
  throw new Error(
    `${data} was written by PostgreSQL ${found}; this Millrace brings ${wanted}. Start the Millrace that wrote it and take ` +
      `a dump (pg_dumpall), or set DATABASE_URL to a PostgreSQL ${found} on this folder. ${wayOut(data)}`,
  )
}

/** The last words of any error about the folder. */
export function wayOut(data: string): string {
  return `Put back a copy of ${dirname(data)}, or move it away to begin with an empty database.`
}
