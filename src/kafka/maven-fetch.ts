import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { mavenPom } from './maven-pom.ts'

/**
 * Fetches Kafka's jars into `<folder>/libs`. They are gathered in a folder beside it and renamed in one move, so a fetch that
 * was killed leaves no half of a distribution, and of two that run at once one wins and the other is thrown away.
 */
export async function fetchWithMaven(version: string, folder: string): Promise<void> {
  const gathering = join(dirname(folder), `.fetching-${version}-${randomBytes(6).toString('hex')}`)
  await removeAbandoned(dirname(folder), version)
  await mkdir(gathering, { recursive: true })
  try {
    await writeFile(join(gathering, 'pom.xml'), mavenPom(version))
    await runMaven(version, gathering)
    if (!existsSync(join(gathering, 'libs', serverJar(version)))) {
      throw fetchFailed(version, `Maven ended well but brought no ${serverJar(version)}.`, undefined)
    }
    await moveInto(folder, gathering, version)
  } finally {
    await rm(gathering, { recursive: true, force: true })
  }
}

/** Whoever comes second leaves what stands, unless it is no distribution at all. */
async function moveInto(folder: string, gathering: string, version: string): Promise<void> {
  const isWhole = () => existsSync(join(folder, 'libs', serverJar(version)))
  if (!isWhole()) await rm(folder, { recursive: true, force: true })
  await rename(gathering, folder).catch((error: unknown) => {
    if (!isWhole()) throw error
  })
}

export const serverJar = (version: string) => `kafka_2.13-${version}.jar`

const longestFetchMs = 15 * 60_000

function runMaven(version: string, folder: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime']
  return new Promise((resolve, reject) => {
    const limits = { cwd: folder, timeout: longestFetchMs, maxBuffer: 16 * 1024 * 1024 }
    execFile('mvn', ['-B', '-q', ...goal], limits, (error, stdout) => {
      if (!error) resolve()
      else reject(fetchFailed(version, mavenTrouble(version, error, stdout), error))
    })
  })
}

/** What went wrong and what to do about it, from Maven's exit and its words. */
export function mavenTrouble(version: string, error: { code?: unknown; killed?: unknown }, output: string): string {
  if (error.code === 'ENOENT') return 'Maven is not installed: install it (Debian: apt-get install maven).'
  if (error.killed)
    return `Maven took longer than ${longestFetchMs / 60_000} minutes. Look at the network, then try again.`
  if (/No space left on device/i.test(output)) return 'The disk is full: free about 100 MB, then try again.'
  const firstError = /\[ERROR\] (.+)/.exec(output)?.[1] ?? 'Maven said nothing about why.'
  if (/Could not find artifact|was not found in/i.test(output)) {
    return `Maven's repository has no Kafka ${version} or a part of it is missing: ${firstError}`
  }
  if (/UnknownHost|Connection refused|Connect timed out|Could not transfer/i.test(output)) {
    return `Maven cannot reach its repository; look at the network or at the mirror in ~/.m2/settings.xml: ${firstError}`
  }
  return firstError
}

function fetchFailed(version: string, words: string, cause: unknown): AppError {
  return new AppError('unavailable', 'Version.FetchFailed', `Kafka ${version} could not be fetched. ${words}`, {
    cause,
  })
}

/** Leftovers of fetches that were killed: older than any fetch may run. */
async function removeAbandoned(parent: string, version: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names.filter((candidate) => candidate.startsWith(`.fetching-${version}-`))) {
    const { mtimeMs } = await stat(join(parent, name)).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < Date.now() - longestFetchMs) await rm(join(parent, name), { recursive: true, force: true })
  }
}
