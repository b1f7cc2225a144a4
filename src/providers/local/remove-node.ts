import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { signalProcess } from '../../machine/process-identity.ts'
import { leftoverListeners } from './listener-owner.ts'
import { askToStop, forceIfDue, graceLeftMs, lookAtNode } from './look-at-node.ts'
import type { MarkedPlace } from './look-at-node.ts'
import { instanceFolder, nodeFolder } from './node-folder.ts'
import type { NodeRecord } from './node-record.ts'

/**
 * One look at a node that is to go, and the next thing done about it: asked to stop, ended by force when its time is up, then its
 * folder taken away. Answers what is left, in words; nothing left means that process, address and folder were looked for
 * and not found. Runs under the Instance's fence; waits for nothing.
 */
export async function removeOnce(place: MarkedPlace, graceMs: number): Promise<string[]> {
  const look = await lookAtNode(place)
  if (look.process) {
    const record = await askToStop(place, look, graceMs)
    await forceIfDue({ ...look, record })
    // Nothing is written down that it could need time for: its folder is gone already.
    if (!record) await signalProcess(look.process, 'SIGKILL')
    const leftMs = record ? graceLeftMs(record, Date.now()) : 0
    const rest = leftMs > 0 ? `has ${Math.ceil(leftMs / 1000)} s left to end by itself` : 'is being ended by force'
    return [`process ${look.process.pid} of node ${place.kafkaId} ${rest}`]
  }
  const listening = look.record ? await stillListening(look.record) : []
  // The folder says where the node listened: it stays until that is free.
  if (listening.length > 0) return listening
  await rm(nodeFolder(place).root, { recursive: true, force: true, maxRetries: 3 })
  await removeEmptyFolder(instanceFolder(place.home, place.instanceId))
  const left = await lookAtNode(place)
  return [
    ...(left.process ? [`process ${left.process.pid} of node ${place.kafkaId}`] : []),
    ...(existsSync(nodeFolder(place).root) ? [`folder ${nodeFolder(place).root}`] : []),
  ]
}

async function stillListening({ spec }: NodeRecord): Promise<string[]> {
  const { address, port, controllerPort } = spec
  const left = await leftoverListeners(address, [port, controllerPort])
  return left.map((listener) => `address ${address}:${listener.port} of node ${spec.kafkaId} is not free yet`)
}

/** The Instance's folder goes with its last node. */
async function removeEmptyFolder(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
  })
}
