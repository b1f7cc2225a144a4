import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { findJava } from './java.ts'
import type { Java } from './java.ts'
import { loggingConfigs } from './logging-config.ts'
import type { LoggingGeneration } from './logging-config.ts'
import { serverJar } from './maven-fetch.ts'

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

/** The version if all of it that is needed is here already; its class archive may still be missing. */
export async function findDistribution(place: DistributionPlace): Promise<Distribution | undefined> {
  return distributionAt(place, await findJava())
}

export function distributionAt(place: DistributionPlace, java: Java): Distribution | undefined {
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

export const versionFolder = ({ home, version }: DistributionPlace) => join(home, 'kafka', version)
export const loggingFolder = (home: string) => join(home, 'kafka', 'logging')

/** An archive serves one version and one build of the JVM. Those without the letters hold no classes of TLS, and are left as they are. */
export function classArchivePath(home: string, version: string, java: Java): string {
  return join(home, 'kafka', 'class-archives', `${version}-tls-java-${java.version.replaceAll(/[^\w.+-]/g, '_')}.jsa`)
}

/** The jars of the version: the named folder's if it carries this version, else those that Maven has brought. */
export function libsFor(place: DistributionPlace): string | undefined {
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
