import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, openSync, closeSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { kafkaUuidFrom } from '../domain/id.ts'
import { makeLazyKafkaClusters } from './lazy-clusters.ts'
import type { Distribution } from './installed-distribution.ts'
import { javaArguments, javaEnvironment } from './java-command.ts'
import { serverProperties } from './server-properties.ts'
import type { ServerSpec } from './server-properties.ts'
import { formatStorage } from './storage-format.ts'

/**
 * A class archive (AppCDS) halves the start of a node. It serves one Kafka version, one class path and one build of the JVM, so
 * it is recorded here, from the life of a throwaway node that did what every node does: start, take a topic, write, read.
 */
export type ArchiveRequest = { archive: string; distribution: Distribution; features: Record<string, number> }

export async function ensureClassArchive(request: ArchiveRequest): Promise<void> {
  const { archive } = request
  if (existsSync(archive)) return
  await mkdir(dirname(archive), { recursive: true })
  const folder = await mkdtemp(join(tmpdir(), 'millrace-archive-'))
  const recorded = `${archive}.${randomBytes(6).toString('hex')}`
  try {
    await recordArchive({ ...request, archive: recorded }, folder)
    await rename(recorded, archive)
  } finally {
    await rm(recorded, { force: true })
    await rm(folder, { recursive: true, force: true })
  }
}

async function recordArchive({ archive, distribution, features }: ArchiveRequest, folder: string): Promise<void> {
  const spec = await throwawaySpec()
  const dataFolder = join(folder, 'data')
  const propertiesFile = join(folder, 'server.properties')
  const clusterId = kafkaUuidFrom(randomBytes(16))
  const directoryId = spec.voters[0]!.directoryId
  await formatStorage(dataFolder, {
    ...spec,
    clusterId,
    directoryId,
    features,
    isVoter: true,
    timestampMs: Date.now(),
  })
  await writeFile(propertiesFile, serverProperties(spec, dataFolder))
  const command = javaArguments({
    distribution,
    heapMiB: 256,
    logFolder: folder,
    propertiesFile,
    flags: [`-XX:ArchiveClassesAtExit=${archive}`],
  })
  const output = openSync(join(folder, 'process.log'), 'a')
  const node = spawn(distribution.java.program, command, {
    env: javaEnvironment(process.env),
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const ended = once(node, 'exit')
  try {
    await useUntilWarm(spec)
    node.kill('SIGTERM')
    await Promise.race([ended, delay(longestDumpMs, undefined, { ref: false })])
  } finally {
    node.kill('SIGKILL')
    await ended
  }
  if (!existsSync(archive)) throw new Error('the throwaway node ended without writing the archive')
}

const longestStartMs = 60_000
const longestDumpMs = 60_000

async function throwawaySpec(): Promise<ServerSpec> {
  const address = '127.0.0.1'
  const [port, controllerPort] = await freePorts(address)
  const directoryId = kafkaUuidFrom(randomBytes(16))
  return {
    kafkaId: 1,
    roles: ['broker', 'controller'],
    zone: 'none',
    address,
    port,
    controllerPort,
    voters: [{ kafkaId: 1, directoryId, address, controllerPort }],
    configs: {},
  }
}

async function freePorts(address: string): Promise<[number, number]> {
  const servers = [createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, address), 'listening')
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return [ports[0]!, ports[1]!]
}

async function useUntilWarm({ kafkaId, address, port }: ServerSpec): Promise<void> {
  const broker = { kafkaId, host: address, port }
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
