import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../domain/errors.ts'
import type { Distribution } from './installed-distribution.ts'
import { javaEnvironment } from './java-command.ts'
import type { QuorumVoter } from './storage-format.ts'

/** Formats a node's storage by Kafka's own tool, for versions whose feature levels the catalogue does not know. */
export type ToolFormat = {
  distribution: Distribution
  propertiesFile: string
  dataFolder: string
  clusterId: string
  directoryId: string
  isVoter: boolean
  voters: QuorumVoter[]
}

const longestFormatMs = 30_000

export async function formatWithKafka(request: ToolFormat): Promise<void> {
  const { distribution, ...format } = request
  const command = ['-cp', join(distribution.libs, '*'), 'kafka.tools.StorageTool', ...formatArguments(format)]
  const limits = { timeout: longestFormatMs, env: javaEnvironment(process.env) }
  try {
    await promisify(execFile)(distribution.java.program, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...command], limits)
  } catch (cause) {
    const message = `Kafka ${distribution.version} could not format the storage of a node.`
    throw new AppError('unavailable', 'Node.NotFormatted', message, { cause })
  }
  await giveDirectoryId(request)
}

/** The tool makes up a directory id for a node that is no voter; ours is the one written down. */
async function giveDirectoryId({ dataFolder, directoryId }: ToolFormat): Promise<void> {
  const path = join(dataFolder, 'meta.properties')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/^directory\.id=.*$/m, `directory.id=${directoryId}`), { flush: true })
}

/** A node that is no voter learns them from the quorum (KIP-853). A format cut short is done again over what it left. */
export function formatArguments({
  propertiesFile,
  clusterId,
  isVoter,
  voters,
}: Pick<ToolFormat, 'propertiesFile' | 'clusterId' | 'isVoter' | 'voters'>): string[] {
  const initial = voters.map(
    (voter) => `${voter.kafkaId}@${voter.address}:${voter.controllerPort}:${voter.directoryId}`,
  )
  const quorum = isVoter ? ['--initial-controllers', initial.join(',')] : ['--no-initial-controllers']
  return ['format', '--cluster-id', clusterId, '--config', propertiesFile, '--ignore-formatted', ...quorum]
}
