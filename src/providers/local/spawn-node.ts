import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { AppError } from '../../domain/errors.ts'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import { javaArguments, javaEnvironment } from '../../kafka/java-command.ts'
import { identifyProcess } from '../../machine/process-identity.ts'
import { lowerPriority } from './lower-priority.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import type { NodeFolder } from './node-folder.ts'
import { markArgument } from './node-processes.ts'

export type NodeLaunch = {
  distribution: Distribution
  heapMiB: number
  folder: NodeFolder
  mark: string
  /** More flags of the JVM. */
  flags: string[]
  /** More jars, after Kafka's. */
  jars: string[]
}

/**
 * Starts a node's JVM in a session of its own, so that neither Ctrl-C nor the end of Millrace reaches it. Resolves as soon as the
 * process exists; undefined when it has ended already.
 */
export async function spawnNode({
  distribution,
  heapMiB,
  folder,
  mark,
  flags,
  jars,
}: NodeLaunch): Promise<ProcessIdentity | undefined> {
  const command = javaArguments({
    distribution,
    heapMiB,
    logFolder: folder.log,
    propertiesFile: folder.properties,
    flags: [markArgument(mark), ...flags],
    jars,
  })
  const output = openSync(folder.processLog, 'w', 0o600)
  try {
    const child = spawn(distribution.java.program, command, {
      cwd: folder.root,
      detached: true,
      env: javaEnvironment(process.env),
      stdio: ['ignore', output, output],
    })
    await once(child, 'spawn')
    child.unref()
    await lowerPriority(child.pid!)
    return await identifyProcess(child.pid!)
  } catch (cause) {
    const message = `Java could not be started (${distribution.java.program}).`
    throw new AppError('unavailable', 'Java.NotStarted', message, { cause })
  } finally {
    closeSync(output)
  }
}
