import { stat } from 'node:fs/promises'
import { AppError } from '../../domain/errors.ts'
import type { Keyring } from '../../domain/keyring.ts'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import { isFormatted } from '../../kafka/storage-format.ts'
import { findPlainLogin } from '../../kafka/plain-login.ts'
import type { NodeSpec } from '../provider.ts'
import { forceIfDue, lookAtNode, markOf } from './look-at-node.ts'
import type { MarkedPlace, NodeLook } from './look-at-node.ts'
import { nodeFolder } from './node-folder.ts'
import type { NodeFolder } from './node-folder.ts'
import { startOf, startedWithOf, writeRecord } from './node-record.ts'
import type { NodeRecord } from './node-record.ts'
import { lowerCompilerPriority } from './lower-priority.ts'
import { metricsExporterFor } from './metrics-exporter.ts'
import { hasUsers, prepareNodeFiles } from './node-storage.ts'
import { spawnNode } from './spawn-node.ts'

export type NodeWish = {
  place: MarkedPlace
  spec: NodeSpec
  distribution: Distribution
  features: Record<string, number> | undefined
  stopGraceMs: number
  keyring?: Keyring | undefined
}

/**
 * One process for the node, whatever happened before: the intent is written down, then the files are made, then the process is
 * started, then its identity is written down. Killed anywhere in between, the next call finds the files made, or the process by
 * its mark, and goes on from there. Runs under the Instance's fence.
 */
export async function ensureOneProcess(wish: NodeWish): Promise<void> {
  const look = await lookAtNode(wish.place)
  if (look.process) await adopt(wish, look)
  else await start(wish, look.record)
}

async function adopt({ place, spec, stopGraceMs }: NodeWish, look: NodeLook): Promise<void> {
  const process = look.process!
  if (look.record?.stopAskedAt) {
    await forceIfDue(look)
    const message = `Node ${place.kafkaId} is still stopping (process ${process.pid}); it starts again after that.`
    throw new AppError('unavailable', 'Node.Stopping', message)
  }
  const { record } = look
  if (record?.process?.pid === process.pid && record.process.startedAt === process.startedAt) return
  const adopted = record
    ? { ...record, process, startedWith: startedWithOf(record, true) }
    : // Its folder was taken away: what is wanted now says nothing of what it was started with.
      intentFor(spec, { logStart: 0, stopGraceMs, startedWith: null, process })
  await writeRecord(place, adopted)
}

async function start(wish: NodeWish, before: NodeRecord | undefined): Promise<void> {
  const { place, spec, distribution, features, stopGraceMs, keyring } = wish
  const folder = nodeFolder(place)
  if (!spec.isNew) await refuseWithoutStorage(place.kafkaId, folder)
  const logStart = await stat(folder.serverLog).then(
    ({ size }) => size,
    () => 0,
  )
  const metrics = await metricsExporterFor(place.home, spec)
  const plainLogin = hasUsers(spec) ? findPlainLogin(place.home) : null
  const startedWith = before?.startedWith ?? null
  const intent = {
    ...intentFor(spec, { logStart, stopGraceMs, startedWith, process: null }),
    metricsPort: metrics?.port ?? null,
    takesPlain: plainLogin !== null,
  }
  await writeRecord(place, intent)
  await prepareNodeFiles(spec, folder, { distribution, features, keyring, takesPlain: intent.takesPlain })
  const flags = metrics ? [metrics.argument] : []
  const jars = plainLogin === null ? [] : [plainLogin]
  const process = await spawnNode({ distribution, heapMiB: spec.heapMiB, folder, mark: markOf(place), flags, jars })
  await writeRecord(place, { ...intent, process: process ?? null, startedWith: startOf(spec) })
  if (process) await lowerCompilerPriority(process.pid)
}

/** One that comes back empty could win an election without the records that it once acknowledged. */
async function refuseWithoutStorage(kafkaId: number, { root, data }: NodeFolder): Promise<void> {
  if (await isFormatted(data)) return
  const message =
    `The data of node ${kafkaId} is no longer in ${data}. It is not started empty, for that could lose records. ` +
    `Put the folder ${root} back as it was.`
  throw new AppError('unavailable', 'Node.Lost', message)
}

type Before = Pick<NodeRecord, 'logStart' | 'stopGraceMs' | 'startedWith' | 'process'>

function intentFor(spec: NodeSpec, before: Before): NodeRecord {
  return { spec, startedAt: new Date().toISOString(), stopAskedAt: null, ...before }
}
