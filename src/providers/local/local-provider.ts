import type { MachineType } from '../../domain/environment.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Keyring } from '../../domain/keyring.ts'
import { findVersion } from '../../domain/version.ts'
import type { VersionCatalogue } from '../../domain/version.ts'
import { readMachineTypes } from '../machine-types.ts'
import type { Provider } from '../provider.ts'
import { ensureOneProcess } from './ensure-node.ts'
import { underFence, underLock } from './fence.ts'
import { sightingsOf } from './inspect-node.ts'
import { describeLocalEnvironment } from './local-environment.ts'
import { askToStop, forceIfDue, lookAtNode } from './look-at-node.ts'
import type { MarkedPlace } from './look-at-node.ts'
import { tellingTrouble } from './machine-trouble.ts'
import { makeDiskUsage } from './node-disk.ts'
import { listKafkaIds, nodeFolder } from './node-folder.ts'
import { readRecord } from './node-record.ts'
import { writeStores, writeVerifiers } from './node-storage.ts'
import { removeOnce } from './remove-node.ts'
import { makeVersionPreparations } from './version-preparation.ts'

/**
 * Nodes as processes of this machine. They outlive Millrace and are found again by what is written down of them under
 * `<home>/nodes` and by the mark in their command line. A home belongs to one `homeId` for ever.
 */
export type LocalProviderOptions = {
  home: string
  homeId: string
  catalogue: VersionCatalogue
  machineTypes?: MachineType[]
  /** A folder with a Kafka-compatible distribution, instead of the one that Maven brings. */
  distributionDirectory?: string | undefined
  /** How long a node may take to stop by itself. */
  stopGraceMs?: number
  /** Where the keys of secured nodes come from. */
  keyring?: Keyring
  log?: { warn(words: string): void }
}

const machineTypesFile = new URL('../../../machine-types.json', import.meta.url)
const diskFreshMs = 30_000

/** What is deleted needs no orderly end; it gets this long for the sake of its clients. */
const longestRemovalGraceMs = 3_000

export function makeLocalProvider(options: LocalProviderOptions): Provider {
  const { home, homeId, catalogue, distributionDirectory, stopGraceMs = 20_000, keyring, log } = options
  const machineTypes = options.machineTypes ?? readMachineTypes(machineTypesFile, 'local')
  const versions = makeVersionPreparations({
    home,
    catalogue,
    distributionDirectory,
    onWarning: (words) => log?.warn(words),
  })
  const disk = makeDiskUsage(diskFreshMs)
  const placeOf = (instanceId: InstanceId, kafkaId: number): MarkedPlace => ({ home, homeId, instanceId, kafkaId })

  return tellingTrouble({
    kind: 'local',

    describeEnvironment: () => describeLocalEnvironment(home, machineTypes),
    machineTypes: async () => machineTypes,

    prepareVersion: async (version) => versions.prepare(version),

    async ensureNode(spec, fence) {
      const place = placeOf(spec.instanceId, spec.kafkaId)
      const distribution = await versions.ready(spec.version)
      const features = findVersion(catalogue, spec.version)?.features
      await underFence(place, fence, () =>
        ensureOneProcess({ place, spec, distribution, features, stopGraceMs, keyring }),
      )
    },

    async renewStores(spec, fence) {
      const place = placeOf(spec.instanceId, spec.kafkaId)
      await underFence(place, fence, async () => {
        if (await readRecord(place)) await writeStores(spec, nodeFolder(place), keyring)
      })
    },

    renewVerifiers: (instanceId) =>
      underLock({ home, instanceId }, async () => {
        for (const kafkaId of await listKafkaIds(home, instanceId)) {
          const place = placeOf(instanceId, kafkaId)
          const record = await readRecord(place)
          if (record) await writeVerifiers(record.spec, nodeFolder(place), keyring)
        }
      }),

    inspectNodes: (instanceId) => sightingsOf({ home, homeId, instanceId }, disk),

    async stopNode(instanceId, kafkaId, { mostGraceMs = stopGraceMs, ...fence }) {
      const place = placeOf(instanceId, kafkaId)
      const graceMs = Math.min(stopGraceMs, mostGraceMs)
      await underFence(place, fence, async () => {
        const look = await lookAtNode(place)
        if (!look.process) return
        await forceIfDue({ ...look, record: await askToStop(place, look, graceMs) })
        carryThroughLater(place, graceMs)
      })
    },

    async removeNode(instanceId, kafkaId, fence) {
      const place = placeOf(instanceId, kafkaId)
      const graceMs = Math.min(stopGraceMs, longestRemovalGraceMs)
      return underFence(place, fence, () => removeOnce(place, graceMs))
    },
  })
}

/** Force at the end of the grace. Should this process die before, whoever looks at the node next does it. */
function carryThroughLater(place: MarkedPlace, graceMs: number): void {
  const look = () => lookAtNode(place).then(forceIfDue, () => {})
  setTimeout(look, graceMs).unref()
}
