import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { mavenPom } from './maven-pom.ts'

/** Jars to be brought with all that they need, or to be made. */
export type WantedJars = {
  /** For people: `Kafka 4.3.1`. */
  title: string
  /** Texts by their paths: `pom.xml` and what it speaks of. */
  project: Record<string, string>
  /** What Maven is to do, so that the jars are in `libs`. Left out: to copy what the project depends on. */
  goals?: string[]
  /** They come into its `libs`. */
  folder: string
  /** The one by which the others are known to be there. */
  jar: string
  limitMs?: number
}

export const fetchWithMaven = (version: string, folder: string): Promise<void> =>
  fetchJars({
    title: `Kafka ${version}`,
    project: { 'pom.xml': mavenPom(version) },
    folder,
    jar: serverJar(version),
  })

/**
 * Fetches jars into `<folder>/libs`. They are gathered in a folder beside it and renamed in one move, so a fetch that was
 * killed leaves no half of them, and of two that run at once one wins and the other is thrown away.
 */
export async function fetchJars(wanted: WantedJars): Promise<void> {
  const { title, project, folder, jar } = wanted
  const prefix = `.fetching-${basename(folder)}-`
  const gathering = join(dirname(folder), `${prefix}${randomBytes(6).toString('hex')}`)
  await removeAbandoned(dirname(folder), prefix)
  await mkdir(gathering, { recursive: true })
  try {
    for (const [path, text] of Object.entries(project)) {
      await mkdir(dirname(join(gathering, path)), { recursive: true })
      await writeFile(join(gathering, path), text)
    }
    await runMaven(wanted, gathering)
    if (!existsSync(join(gathering, 'libs', jar))) {
      throw fetchFailed(title, `Maven ended well but brought no ${jar}.`, undefined)
    }
    await moveInto(wanted, gathering)
  } finally {
    await rm(gathering, { recursive: true, force: true })
  }
}

/** Whoever comes second leaves what stands, unless it is not whole. */
async function moveInto({ folder, jar }: WantedJars, gathering: string): Promise<void> {
  const isWhole = () => existsSync(join(folder, 'libs', jar))
  if (!isWhole()) await rm(folder, { recursive: true, force: true })
  await rename(gathering, folder).catch((error: unknown) => {
    if (!isWhole()) throw error
  })
}

export const serverJar = (version: string) => `kafka_2.13-${version}.jar`

const longestFetchMs = 15 * 60_000

const copying = ['dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime']

function runMaven({ title, goals = copying, limitMs = longestFetchMs }: WantedJars, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const limits = { cwd: folder, timeout: limitMs, maxBuffer: 16 * 1024 * 1024 }
    execFile('mvn', ['-B', '-q', ...goals], limits, (error, stdout) => {
      if (!error) resolve()
      else reject(fetchFailed(title, mavenTrouble(title, error, stdout), error))
    })
  })
}

/** What went wrong and what to do about it, from Maven's exit and its words. */
export function mavenTrouble(title: string, error: { code?: unknown; killed?: unknown }, output: string): string {
  if (error.code === 'ENOENT') return 'Maven is not installed: install it (Debian: apt-get install maven).'
  if (error.killed) return 'Maven took too long. Look at the network, then try again.'
  if (/No space left on device/i.test(output)) return 'The disk is full: free about 100 MB, then try again.'
  const firstError = /\[ERROR\] (.+)/.exec(output)?.[1] ?? 'Maven said nothing about why.'
  if (/Could not find artifact|was not found in/i.test(output)) {
    return `Maven's repository has no ${title} or a part of it is missing: ${firstError}`
  }
  if (/UnknownHost|Connection refused|Connect timed out|Could not transfer/i.test(output)) {
    return `Maven cannot reach its repository; look at the network or at the mirror in ~/.m2/settings.xml: ${firstError}`
  }
  return firstError
}

const fetchFailed = (title: string, words: string, cause: unknown): AppError =>
  new AppError('unavailable', 'Version.FetchFailed', `${title} could not be fetched. ${words}`, { cause })

/** Leftovers of fetches that were killed: older than any fetch may run. */
async function removeAbandoned(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const { mtimeMs } = await stat(join(parent, name)).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < Date.now() - longestFetchMs) await rm(join(parent, name), { recursive: true, force: true })
  }
}
