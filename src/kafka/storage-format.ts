import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { encodeRecordBatch } from './record-batch.ts'
import type { BatchRecord } from './record-batch.ts'
import { compactArray, compactString, int16, int32, int64, noTaggedFields, uint16, unsignedVarint } from './wire.ts'

/**
 * Formats a node's storage as `kafka.tools.StorageTool format` does, without the second of CPU that its JVM costs per node.
 * Kafka reads three files: `meta.properties` says whose folder it is, `bootstrap.checkpoint` which feature levels the
 * cluster begins with, and, on voters alone, the first snapshot of `__cluster_metadata` who the voters are (KIP-853).
 */
export type StorageFormat = {
  clusterId: string
  kafkaId: number
  directoryId: string
  isVoter: boolean
  voters: QuorumVoter[]
  features: Record<string, number>
  timestampMs: number
}

export type QuorumVoter = { kafkaId: number; directoryId: string; address: string; controllerPort: number }

export const controllerListener = 'CONTROLLER'

/** Formatted means that `meta.properties` stands, for it is written last: a formatting cut short is simply done again. */
export async function isFormatted(folder: string): Promise<boolean> {
  try {
    await stat(join(folder, metaPropertiesName))
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

export async function formatStorage(folder: string, format: StorageFormat): Promise<void> {
  for (const [name, content] of storageFiles(format)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content, { flush: true })
  }
}

const metaPropertiesName = 'meta.properties'

/** The files by their path in the folder, in the order in which to write them. */
export function storageFiles(format: StorageFormat): [name: string, content: Buffer][] {
  const checkpoint: [string, Buffer] = ['bootstrap.checkpoint', featureCheckpoint(format)]
  const snapshot: [string, Buffer] = [
    '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint',
    voterSnapshot(format),
  ]
  const metaProperties: [string, Buffer] = [metaPropertiesName, metaPropertiesOf(format)]
  return format.isVoter ? [checkpoint, snapshot, metaProperties] : [checkpoint, metaProperties]
}

function metaPropertiesOf({ clusterId, kafkaId, directoryId }: StorageFormat): Buffer {
  const lines = [`node.id=${kafkaId}`, `directory.id=${directoryId}`, 'version=1', `cluster.id=${clusterId}`]
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

function featureCheckpoint({ features, timestampMs }: StorageFormat): Buffer {
  const records = Object.entries(features).map(([name, level]) => featureLevelRecord(name, level))
  return Buffer.concat([
    encodeRecordBatch({ baseOffset: 0, records: [snapshotHeader(0)], isControl: true, timestampMs }),
    encodeRecordBatch({ baseOffset: 1, records, isControl: false, timestampMs }),
    encodeRecordBatch({ baseOffset: 1 + records.length, records: [snapshotFooter], isControl: true, timestampMs }),
  ])
}

function voterSnapshot({ voters, timestampMs }: StorageFormat): Buffer {
  const records = [snapshotHeader(timestampMs), kraftVersionRecord, votersRecord(voters)]
  return Buffer.concat([
    encodeRecordBatch({ baseOffset: 0, records, isControl: true, timestampMs }),
    encodeRecordBatch({ baseOffset: records.length, records: [snapshotFooter], isControl: true, timestampMs }),
  ])
}

/** Types of control records, from Kafka's `ControlRecordType`. */
const controlTypes = { snapshotHeader: 3, snapshotFooter: 4, kraftVersion: 5, kraftVoters: 6 }

function controlRecord(type: number, ...fields: Buffer[]): BatchRecord {
  const version = int16(0)
  return { key: Buffer.concat([version, int16(type)]), value: Buffer.concat([version, ...fields, noTaggedFields]) }
}

const snapshotHeader = (lastContainedLogMs: number) =>
  controlRecord(controlTypes.snapshotHeader, int64(lastContainedLogMs))
const snapshotFooter = controlRecord(controlTypes.snapshotFooter)

/** Version 1 is the dynamic quorum: voters can be added and removed later. */
const kraftVersionRecord = controlRecord(controlTypes.kraftVersion, int16(1))

function votersRecord(voters: QuorumVoter[]): BatchRecord {
  return controlRecord(controlTypes.kraftVoters, compactArray(voters.map(encodeVoter)))
}

function encodeVoter({ kafkaId, directoryId, address, controllerPort }: QuorumVoter): Buffer {
  const endpoint = Buffer.concat([
    compactString(controllerListener),
    compactString(address),
    uint16(controllerPort),
    noTaggedFields,
  ])
  const supportedKraftVersions = Buffer.concat([int16(0), int16(1), noTaggedFields])
  const directory = Buffer.from(directoryId, 'base64url')
  return Buffer.concat([int32(kafkaId), directory, compactArray([endpoint]), supportedKraftVersions, noTaggedFields])
}

/** FeatureLevelRecord of Kafka's metadata log: frame version 1, api key 12, version 0. */
function featureLevelRecord(name: string, level: number): BatchRecord {
  const frame = [unsignedVarint(1), unsignedVarint(12), unsignedVarint(0)]
  return { value: Buffer.concat([...frame, compactString(name), int16(level), noTaggedFields]) }
}
