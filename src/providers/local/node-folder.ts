import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InstanceId } from '../../domain/id.ts'
import type { StoreFiles } from '../../kafka/server-properties.ts'

/** Where the nodes of a home lie: `<home>/nodes/<instance>/<kafkaId>/`, one folder a node with all it has. */
export type NodePlace = { home: string; instanceId: InstanceId; kafkaId: number }

export type NodeFolder = {
  root: string
  record: string
  properties: string
  stores: StoreFiles
  /** By which passwords of SASL PLAIN are checked. */
  verifiers: string
  data: string
  log: string
  serverLog: string
  processLog: string
}

export const nodesFolder = (home: string) => join(home, 'nodes')
export const instanceFolder = (home: string, instanceId: InstanceId) => join(nodesFolder(home), instanceId)

export function nodeFolder({ home, instanceId, kafkaId }: NodePlace): NodeFolder {
  const root = join(instanceFolder(home, instanceId), String(kafkaId))
  const conf = join(root, 'conf')
  const log = join(root, 'log')
  return {
    root,
    record: join(root, 'node.json'),
    properties: join(conf, 'server.properties'),
    stores: {
      nodeKey: join(conf, 'node-key.pem'),
      nodeTrust: join(conf, 'node-trust.pem'),
      clientKey: join(conf, 'client-key.pem'),
      clientTrust: join(conf, 'client-trust.pem'),
    },
    verifiers: join(conf, 'plain-verifiers'),
    data: join(root, 'data'),
    log,
    serverLog: join(log, 'server.log'),
    processLog: join(log, 'process.log'),
  }
}

export async function listInstanceIds(home: string): Promise<InstanceId[]> {
  const names = await namesIn(nodesFolder(home))
  return names.filter((name): name is InstanceId => name.startsWith('kf-'))
}

/** Every node that has a folder, also one whose making or removing was cut short. */
export async function listKafkaIds(home: string, instanceId: InstanceId): Promise<number[]> {
  const names = await namesIn(instanceFolder(home, instanceId))
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Names of the entries; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Whole or not at all, and on the disk before this returns. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
