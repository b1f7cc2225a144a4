import { readFile } from 'node:fs/promises'
import type { StartedWith } from '../../domain/restart-reason.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import type { NodeSpec } from '../provider.ts'
import { nodeFolder, writeWhole } from './node-folder.ts'
import type { NodePlace } from './node-folder.ts'

/** What is written down of a node before anything of it is made. Times are ISO 8601. */
export type NodeRecord = {
  /** What the node is to be; its next or present process is started with this. */
  spec: NodeSpec
  /** Null from the intent to start until the process is known. */
  process: ProcessIdentity | null
  /** What the process was started with; until that is known, what the one before it was. Null: nobody knows. */
  startedWith: StartedWith | null
  /** When its start was intended. */
  startedAt: string | null
  /** Length of the log when the node was started last: what comes after is of this run. */
  logStart: number
  stopAskedAt: string | null
  /** Where the process tells its metrics; null, or absent as before Millrace had any: it does not. */
  metricsPort?: number | null
  /** Has the process the check of passwords of SASL PLAIN? Absent as before there was any: it has not. */
  takesPlain?: boolean
  /** How long the node may take to end by itself before it is ended by force. */
  stopGraceMs: number
}

export async function readRecord(place: NodePlace): Promise<NodeRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(nodeFolder(place).record, 'utf8')) as NodeRecord
    // Records of Millrace 0.1 do not say it; nothing could be changed there after the first start.
    return { ...record, startedWith: record.startedWith === undefined ? startOf(record.spec) : record.startedWith }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeRecord(place: NodePlace, record: NodeRecord): Promise<void> {
  await writeWhole(nodeFolder(place).record, `${JSON.stringify(record, null, 2)}\n`)
}

export const startOf = ({ version, configs, heapMiB, security }: NodeSpec): StartedWith => ({
  version,
  configs,
  heapMiB,
  ...(security && { security: { mark: security.mark, authority: security.authority } }),
})

/** What the living process, or without one the last, was started with. */
export function startedWithOf(record: NodeRecord | undefined, isAlive: boolean): StartedWith | null {
  if (!record) return null
  // The intent is written down when nothing of the node lives: what lives since then was made by it.
  return isAlive && !record.process ? startOf(record.spec) : record.startedWith
}
