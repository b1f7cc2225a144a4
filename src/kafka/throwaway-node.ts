import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { kafkaUuidFrom } from '../domain/id.ts'
import { nodeCommonName } from '../domain/keyring.ts'
import { createAuthority, issueCertificate } from '../security/authority.ts'
import type { BrokerEndpoint } from './cluster.ts'
import type { Distribution } from './installed-distribution.ts'
import { javaArguments, javaEnvironment } from './java-command.ts'
import { serverProperties, type ServerSpec, type StoreFiles } from './server-properties.ts'
import { formatStorage } from './storage-format.ts'

/**
 * A cluster of one node on free ports of the loopback address, with certificates as every node has them, whose life is tied to
 * ours: a shell holds it and ends it when its input closes, which the kernel does for us should we be killed. Then the shell takes
 * the folder away too.
 */
export type ThrowawayNode = {
  broker: BrokerEndpoint
  /** Ends it politely, and by force after the limit; resolves when it is gone. */
  stop(limitMs: number): Promise<void>
}

export type ThrowawayRequest = {
  distribution: Distribution
  features: Record<string, number>
  /** Where all of it lies; must exist. */
  folder: string
  flags: string[]
}

const untilInputCloses = '"$@" & node=$!; read -r last; kill "$node"; wait "$node"; [ -n "$last" ] || rm -rf "$0"'
const goodbye = 'end\n'

export async function startThrowawayNode(request: ThrowawayRequest): Promise<ThrowawayNode> {
  const { distribution, folder, flags } = request
  const spec = await writeNodeFiles(request)
  const propertiesFile = propertiesFileIn(folder)
  const command = javaArguments({ distribution, heapMiB: spec.heapMiB, logFolder: folder, propertiesFile, flags })
  const output = openSync(join(folder, 'process.log'), 'a')
  const shell = spawn('sh', ['-c', untilInputCloses, folder, distribution.java.program, ...command], {
    detached: true,
    env: javaEnvironment(process.env),
    stdio: ['pipe', output, output],
  })
  closeSync(output)
  const ended = once(shell, 'exit')
  return {
    broker: { kafkaId: spec.kafkaId, host: spec.address, port: spec.port },
    async stop(limitMs) {
      // Its own group, which nobody else can join: shell and node end together.
      const force = setTimeout(() => process.kill(-shell.pid!, 'SIGKILL'), limitMs)
      shell.stdin!.end(goodbye)
      await ended.finally(() => clearTimeout(force))
    },
  }
}

const dataFolderIn = (folder: string) => join(folder, 'data')
const propertiesFileIn = (folder: string) => join(folder, 'server.properties')

async function writeNodeFiles({ features, folder }: ThrowawayRequest): Promise<ServerSpec> {
  const address = '127.0.0.1'
  const [port, controllerPort, internalPort] = await freePorts(address)
  const directoryId = kafkaUuidFrom(randomBytes(16))
  const voters = [{ kafkaId: 1, directoryId, address, controllerPort }]
  const slot = { address, port, controllerPort }
  const node = { kafkaId: 1, roles: ['broker' as const, 'controller' as const], zone: 'none', heapMiB: 256 }
  const listeners = [{ name: 'PLAINTEXT' as const, method: 'anonymous' as const, protocol: 'PLAINTEXT' as const, port }]
  const files = await writeStores(folder, address)
  const security = { internalPort, listeners, isAuthorized: false, files, verifiers: null }
  const spec: ServerSpec = { ...slot, ...node, voters, configs: {}, security }
  const clusterId = kafkaUuidFrom(randomBytes(16))
  const format = { kafkaId: 1, clusterId, directoryId, features, isVoter: true, voters, timestampMs: Date.now() }
  await formatStorage(dataFolderIn(folder), format)
  await writeFile(propertiesFileIn(folder), serverProperties(spec, dataFolderIn(folder)))
  return spec
}

async function writeStores(folder: string, address: string): Promise<StoreFiles> {
  const now = new Date()
  const authority = await createAuthority('Millrace', now)
  const name = nodeCommonName(1)
  const request = { commonName: name, dnsNames: [name], addresses: [address], now, days: 1 }
  const node = await issueCertificate(authority, request)
  const [key, trust] = [join(folder, 'node.pem'), join(folder, 'trust.pem')]
  await writeFile(key, node.privateKey + node.certificate + authority.certificate, { mode: 0o600 })
  await writeFile(trust, authority.certificate)
  return { nodeKey: key, nodeTrust: trust, clientKey: key, clientTrust: trust }
}

async function freePorts(address: string): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, address), 'listening')
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return [ports[0]!, ports[1]!, ports[2]!]
}
