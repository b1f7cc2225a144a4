import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import type { Distribution } from './distribution.ts'
import { javaEnvironment } from './java-command.ts'
import type { QuorumVoter } from './storage-format.ts'

/** Formats a node's storage by Kafka's own tool, for versions whose feature levels the catalogue does not know. */
export type ToolFormat = {
  distribution: Distribution
  propertiesFile: string
  clusterId: string
  isVoter: boolean
  voters: QuorumVoter[]
}

const longestFormatMs = 30_000

export async function formatWithKafka({ distribution, ...format }: ToolFormat): Promise<void> {
  const command = ['-cp', join(distribution.libs, '*'), 'kafka.tools.StorageTool', ...formatArguments(format)]
  const limits = { timeout: longestFormatMs, env: javaEnvironment(process.env) }
  try {
    await promisify(execFile)(distribution.java.program, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...command], limits)
  } catch (cause) {
    const message = `Kafka ${distribution.version} could not format the storage of a node.`
    throw new AppError('unavailable', 'Node.NotFormatted', message, { cause })
  }
}

/** A node that is no voter learns them from the quorum (KIP-853). A format cut short is done again over what it left. */
export function formatArguments({
  propertiesFile,
  clusterId,
  isVoter,
  voters,
}: Omit<ToolFormat, 'distribution'>): string[] {
  const initial = voters.map(
    (voter) => `${voter.kafkaId}@${voter.address}:${voter.controllerPort}:${voter.directoryId}`,
  )
  const quorum = isVoter ? ['--initial-controllers', initial.join(',')] : ['--no-initial-controllers']
  return ['format', '--cluster-id', clusterId, '--config', propertiesFile, '--ignore-formatted', ...quorum]
}
