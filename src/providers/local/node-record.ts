import { readFile } from 'node:fs/promises'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import type { NodeSpec } from '../provider.ts'
import { nodeFolder, writeWhole } from './node-folder.ts'
import type { NodePlace } from './node-folder.ts'

/** What is written down of a node before anything of it is made. Times are ISO 8601. */
export type NodeRecord = {
  spec: NodeSpec
  /** Null from the intent to start until the process is known. */
  process: ProcessIdentity | null
  /** The version that ran last, and when its start was intended. */
  startedVersion: string | null
  startedAt: string | null
  /** Length of the log when the node was started last: what comes after is of this run. */
  logStart: number
  stopAskedAt: string | null
  /** How long the node may take to end by itself before it is ended by force. */
  stopGraceMs: number
}

export async function readRecord(place: NodePlace): Promise<NodeRecord | undefined> {
  try {
    return JSON.parse(await readFile(nodeFolder(place).record, 'utf8')) as NodeRecord
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeRecord(place: NodePlace, record: NodeRecord): Promise<void> {
  await writeWhole(nodeFolder(place).record, `${JSON.stringify(record, null, 2)}\n`)
}
