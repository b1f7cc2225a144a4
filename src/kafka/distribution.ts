import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, explainCause } from '../domain/errors.ts'
import { findVersion } from '../domain/version.ts'
import type { VersionCatalogue } from '../domain/version.ts'
import { ensureClassArchive } from './class-archive.ts'
import { classArchivePath, distributionAt, libsFor, loggingFolder, versionFolder } from './installed-distribution.ts'
import type { Distribution, DistributionPlace } from './installed-distribution.ts'
import { findJava } from './java.ts'
import { ensureMetricsAgent } from './jmx-exporter.ts'
import { loggingConfigs } from './logging-config.ts'
import { fetchWithMaven } from './maven-fetch.ts'
import { ensurePlainLogin } from './plain-login.ts'

export type DistributionRequest = DistributionPlace & {
  catalogue: VersionCatalogue
  onProgress?: (words: string) => void
  onWarning?: (words: string) => void
}

/**
 * Brings a version onto this machine unless it is there: jars by Maven into `<home>/kafka/<version>/libs`, then the exporter of
 * metrics, the check of PLAIN passwords and the class archive. Throws `unavailable` with what to do; without the last three nodes
 * run too: a warning only.
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
  await ensureMetricsAgent(request.home, onProgress).catch((error: unknown) => {
    onWarning(`Nodes that start now tell no metrics: ${explainCause(error)}`)
  })
  await ensurePlainLogin(request.home, onProgress).catch((error: unknown) => {
    onWarning(`Nodes that start now take no SASL PLAIN: ${explainCause(error)}`)
  })
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

async function writeLoggingConfigs(home: string): Promise<void> {
  await mkdir(loggingFolder(home), { recursive: true })
  for (const { fileName, text } of Object.values(loggingConfigs)) {
    await writeFile(join(loggingFolder(home), fileName), text)
  }
}
