import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { findVersion } from '../domain/version.ts'
import type { VersionCatalogue } from '../domain/version.ts'
import { classArchivePath, ensureClassArchive } from './class-archive.ts'
import { findJava } from './java.ts'
import type { Java } from './java.ts'
import { loggingConfigs } from './logging-config.ts'
import type { LoggingGeneration } from './logging-config.ts'
import { fetchWithMaven, serverJar } from './maven-fetch.ts'

/** A Kafka version on this machine, ready to run. */
export type Distribution = {
  version: string
  java: Java
  /** The folder of jars. */
  libs: string
  logging: LoggingGeneration
  loggingConfig: string
  /** Parsed classes of this version for this very JVM, mapped at start; null: starts take about a second of CPU more. */
  classArchive: string | null
}

export type DistributionPlace = {
  home: string
  version: string
  /** A folder with `libs/` of a Kafka-compatible distribution, used for the version that its server jar names. */
  distributionDirectory?: string | undefined
}

export type DistributionRequest = DistributionPlace & {
  catalogue: VersionCatalogue
  onProgress?: (words: string) => void
  onWarning?: (words: string) => void
}

/**
 * Brings a version onto this machine unless it is there: jars by Maven into `<home>/kafka/<version>/libs`, then the class
 * archive. Throws `unavailable` with what to do; a class archive that cannot be made is a warning only.
 */
export async function ensureDistribution(request: DistributionRequest): Promise<Distribution> {
  const { version, catalogue, onProgress = () => {}, onWarning = () => {} } = request
  const known = findVersion(catalogue, version)
  if (!known) throw new AppError('invalid', 'Version.Unknown', `There is no Kafka ${version} in the version catalogue.`)
  const java = await findJava()
  if (!libsFor(request)) {
    onProgress(`Fetching Kafka ${version} with Maven`)
    await fetchWithMaven(version, versionFolder(request))
  }
  await writeLoggingConfigs(request.home)
  const distribution = distributionAt(request, java)
  if (!distribution) throw new AppError('unavailable', 'Version.NotReady', `Kafka ${version} is not on this machine.`)
  if (distribution.classArchive || !known.features) return distribution
  onProgress(`Recording the class archive of Kafka ${version}, for fast starts`)
  const archive = classArchivePath(request.home, version, java)
  await ensureClassArchive({ archive, distribution, features: known.features }).catch((error: unknown) => {
    onWarning(`Nodes of Kafka ${version} will start slower: no class archive could be made (${String(error)}).`)
  })
  return distributionAt(request, java) ?? distribution
}

/** The version if all of it that is needed is here already; its class archive may still be missing. */
export async function findDistribution(place: DistributionPlace): Promise<Distribution | undefined> {
  return distributionAt(place, await findJava())
}

function distributionAt(place: DistributionPlace, java: Java): Distribution | undefined {
  const libs = libsFor(place)
  if (!libs) return undefined
  const logging = readdirSync(libs).some((jar) => jar.startsWith('log4j-core-')) ? 'log4j2' : 'log4j1'
  const loggingConfig = join(loggingFolder(place.home), loggingConfigs[logging].fileName)
  if (!existsSync(loggingConfig)) return undefined
  const archive = classArchivePath(place.home, place.version, java)
  const classArchive = existsSync(archive) ? realpathSync(archive) : null
  // Resolved, because an archive serves the class path by which it was recorded, letter by letter.
  return { version: place.version, java, libs: realpathSync(libs), logging, loggingConfig, classArchive }
}

const versionFolder = ({ home, version }: DistributionPlace) => join(home, 'kafka', version)

function libsFor(place: DistributionPlace): string | undefined {
  const named = place.distributionDirectory && join(place.distributionDirectory, 'libs')
  if (named && versionIn(named) === place.version) return named
  const own = join(versionFolder(place), 'libs')
  return existsSync(join(own, serverJar(place.version))) ? own : undefined
}

/** The version that a folder of jars carries, by its server jar; throws when it has none. */
export function versionIn(libs: string): string {
  const jars = existsSync(libs) ? readdirSync(libs) : []
  const version = jars.map((jar) => /^kafka_2\.\d+-(.+)\.jar$/.exec(jar)?.[1]).find((found) => found)
  if (version) return version
  throw new AppError('unavailable', 'Version.NoDistribution', `${libs} holds no Kafka server: no jar kafka_2.13-….jar.`)
}

const loggingFolder = (home: string) => join(home, 'kafka', 'logging')

async function writeLoggingConfigs(home: string): Promise<void> {
  await mkdir(loggingFolder(home), { recursive: true })
  for (const { fileName, text } of Object.values(loggingConfigs)) {
    await writeFile(join(loggingFolder(home), fileName), text)
  }
}
