import type { InstanceId } from '../../domain/id.ts'
import type { NodeUsage } from '../../domain/node.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import type { NodeSighting } from '../provider.ts'
import { exitReason } from './exit-reason.ts'
import { chooseProcess, forceIfDue } from './look-at-node.ts'
import type { DiskUsage } from './node-disk.ts'
import { listKafkaIds, nodeFolder } from './node-folder.ts'
import type { NodePlace } from './node-folder.ts'
import { residentBytes } from './node-memory.ts'
import { listNodeProcesses, nodeMark } from './node-processes.ts'
import type { NodeProcess } from './node-processes.ts'
import { readRecord, startedWithOf } from './node-record.ts'
import type { NodeRecord } from './node-record.ts'

export type HomeInstance = { home: string; homeId: string; instanceId: InstanceId }

/** Every node with a folder or a process, as it is now. A stop that was asked for and is overdue is carried through here too. */
export async function sightingsOf(instance: HomeInstance, disk: DiskUsage): Promise<NodeSighting[]> {
  const { home, homeId, instanceId } = instance
  const start = `${homeId}/${instanceId}/`
  const processes = await listNodeProcesses(start)
  const processIds = processes.map(({ mark }) => Number(mark.slice(start.length)))
  const kafkaIds = [...new Set([...(await listKafkaIds(home, instanceId)), ...processIds])].sort((a, b) => a - b)
  return Promise.all(
    kafkaIds.map((kafkaId) => {
      const mark = nodeMark(homeId, instanceId, kafkaId)
      return sightingOf(
        { home, instanceId, kafkaId },
        processes.filter((one) => one.mark === mark),
        disk,
      )
    }),
  )
}

async function sightingOf(place: NodePlace, marked: NodeProcess[], disk: DiskUsage): Promise<NodeSighting> {
  const record = await readRecord(place)
  const process = await chooseProcess(record, marked)
  await forceIfDue({ record, process })
  const { kafkaId } = place
  const spec = startedWithOf(record, !!process)
  const { metricsPort = null, takesPlain = false } = record ?? {}
  const known = { kafkaId, spec, version: spec?.version ?? null, metricsPort, takesPlain }
  if (!process) return { ...known, process: 'stopped', usage: null, reason: await exitReason(place, record) }
  return { ...known, process: 'running', usage: await usageOf(place, { record, process, disk }), reason: null }
}

type Running = { record: NodeRecord | undefined; process: ProcessIdentity; disk: DiskUsage }

async function usageOf(place: NodePlace, { record, process, disk }: Running): Promise<NodeUsage | null> {
  if (!record?.startedAt) return null
  const [memoryBytes, diskBytes] = await Promise.all([residentBytes(process.pid), disk.of(nodeFolder(place).data)])
  return { memoryBytes, diskBytes, startedAt: new Date(record.startedAt) }
}
