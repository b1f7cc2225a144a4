import { isSameProcess, signalProcess } from '../../machine/process-identity.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import type { NodePlace } from './node-folder.ts'
import { listNodeProcesses, nodeMark } from './node-processes.ts'
import { readRecord, writeRecord } from './node-record.ts'
import type { NodeRecord } from './node-record.ts'

/** A node's place in a home whose processes carry the home's id in their mark. */
export type MarkedPlace = NodePlace & { homeId: string }

export const markOf = ({ homeId, instanceId, kafkaId }: MarkedPlace) => nodeMark(homeId, instanceId, kafkaId)

/** What is written down of a node, and the process that lives, written down or not. */
export type NodeLook = { record: NodeRecord | undefined; process: ProcessIdentity | undefined }

export async function lookAtNode(place: MarkedPlace): Promise<NodeLook> {
  const record = await readRecord(place)
  const mark = markOf(place)
  const marked = (await listNodeProcesses(mark)).filter((one) => one.mark === mark)
  return { record, process: await chooseProcess(record, marked) }
}

/** The recorded process when it lives, else the one that carries the mark: Millrace died before it could write it down. */
export async function chooseProcess(
  record: NodeRecord | undefined,
  marked: ProcessIdentity[],
): Promise<ProcessIdentity | undefined> {
  const recorded = record?.process
  if (recorded && (await isSameProcess(recorded))) return recorded
  const [first] = marked
  return first && { pid: first.pid, startedAt: first.startedAt }
}

/** Writes the stop down before it is asked for, so that whoever looks next can carry it through. */
export async function askToStop(
  place: NodePlace,
  { record, process }: NodeLook,
  graceMs: number,
): Promise<NodeRecord | undefined> {
  if (!record) {
    if (process) await signalProcess(process, 'SIGTERM')
    return undefined
  }
  const asked = { ...record, stopAskedAt: record.stopAskedAt ?? new Date().toISOString(), stopGraceMs: graceMs }
  await writeRecord(place, asked)
  if (process && !record.stopAskedAt) await signalProcess(process, 'SIGTERM')
  return asked
}

/** Milliseconds that the node still has to end by itself; zero or less: force is due. */
export function graceLeftMs({ stopAskedAt, stopGraceMs }: NodeRecord, nowMs: number): number {
  return stopAskedAt === null ? Infinity : Date.parse(stopAskedAt) + stopGraceMs - nowMs
}

/** Ends a process that was asked to stop and has used up its time. */
export async function forceIfDue({ record, process }: NodeLook): Promise<void> {
  if (record && process && graceLeftMs(record, Date.now()) <= 0) await signalProcess(process, 'SIGKILL')
}
