import { join } from 'node:path'
import type { Distribution } from './installed-distribution.ts'
import { logFolderProperty, loggingConfigs } from './logging-config.ts'

/** The command line of one Kafka node's JVM. */
export type JavaCommand = {
  distribution: Distribution
  heapMiB: number
  /** Where the node's logs go; must exist. */
  logFolder: string
  propertiesFile: string
  /** More flags, before the main class. */
  flags?: string[]
  /** More jars. A class archive serves whoever begins with its class path: they come last. */
  jars?: string[]
}

export function javaArguments({
  distribution,
  heapMiB,
  logFolder,
  propertiesFile,
  flags = [],
  jars = [],
}: JavaCommand): string[] {
  const { property } = loggingConfigs[distribution.logging]
  return [
    ...heapFlags(heapMiB),
    ...flagsOfEveryNode,
    ...(distribution.classArchive ? [`-XX:SharedArchiveFile=${distribution.classArchive}`] : []),
    // Without them an exhausted heap leaves a JVM that lives and does nothing, and a crash writes where nobody looks.
    '-XX:+ExitOnOutOfMemoryError',
    `-XX:ErrorFile=${join(logFolder, 'crash.log')}`,
    '-Djava.net.preferIPv4Stack=true',
    // Kafka lays the key of every channel into a keystore in memory, under a password of its own: 10,000 rounds protect nothing
    // there, and took half the processor time of a start.
    '-Dkeystore.pkcs12.keyPbeIterationCount=1',
    `-D${logFolderProperty}=${logFolder}`,
    `-D${property}=file:${distribution.loggingConfig}`,
    ...flags,
    '-cp',
    [join(distribution.libs, '*'), ...jars].join(':'),
    'kafka.Kafka',
    propertiesFile,
  ]
}

/**
 * Clients wait while a heap is collected. With Java's own sizes the young part filled every second, and the old one was compacted
 * every two minutes, in a seventh of a second, only to grow by a few MiB. What outlives two collections lives long: copying it to
 * and fro thirteen times more is in vain.
 */
const heapFlags = (heapMiB: number): string[] => [
  `-Xms${Math.round(heapMiB * 0.7)}m`,
  `-Xmn${Math.round(heapMiB * 0.3)}m`,
  `-Xmx${heapMiB}m`,
  '-XX:MaxTenuringThreshold=2',
]

/** Measured: half the CPU of a start with Kafka's own flags. */
const flagsOfEveryNode = [
  '-XX:+UseSerialGC',
  // All its compilers are there from the start: one that begins later has the priority of whichever asked for it.
  '-XX:-UseDynamicNumberOfCompilerThreads',
  '-Xshare:auto',
  '-Xlog:cds=off',
  '-Xlog:class+path=off',
  '-XX:-UsePerfData',
  '-Djava.awt.headless=true',
]

/** What a node's process may see of our environment: nothing that could be a secret. */
export function javaEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = ['PATH', 'JAVA_HOME', 'TMPDIR', 'TZ'].flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8' }
}
