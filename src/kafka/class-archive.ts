import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrokerEndpoint } from './cluster.ts'
import type { Distribution } from './installed-distribution.ts'
import { makeLazyKafkaClusters } from './lazy-clusters.ts'
import { startThrowawayNode } from './throwaway-node.ts'

/**
 * A class archive (AppCDS) halves the start of a node. It serves one Kafka version, one class path and one build of the JVM, so
 * it is recorded here, from the life of a throwaway node that did what every node does: start, take a topic, write, read.
 */
export type ArchiveRequest = { archive: string; distribution: Distribution; features: Record<string, number> }

export async function ensureClassArchive(request: ArchiveRequest): Promise<void> {
  const { archive } = request
  if (existsSync(archive)) return
  await mkdir(dirname(archive), { recursive: true })
  const folder = await mkdtemp(`${archive}.`)
  const recorded = join(folder, 'recorded.jsa')
  try {
    await recordArchive({ ...request, archive: recorded }, folder)
    await rename(recorded, archive)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const longestStartMs = 60_000
const longestDumpMs = 60_000

async function recordArchive({ archive, ...kafka }: ArchiveRequest, folder: string): Promise<void> {
  // The JVM refuses to start when it is to use an archive and to record another.
  const distribution = { ...kafka.distribution, classArchive: null }
  const flags = [`-XX:ArchiveClassesAtExit=${archive}`]
  const node = await startThrowawayNode({ ...kafka, distribution, folder, flags })
  await useUntilWarm(node.broker).finally(() => node.stop(longestDumpMs))
  if (!existsSync(archive)) throw new Error('the throwaway node ended without writing the archive')
}

async function useUntilWarm(broker: BrokerEndpoint): Promise<void> {
  const clusters = makeLazyKafkaClusters()
  const deadline = Date.now() + longestStartMs
  for (;;) {
    try {
      await clusters.canary([broker])
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await delay(200)
    }
  }
}
