import { createHash } from 'node:crypto'
import type { MachineType } from '../domain/environment.ts'
import type { Instance, InstanceFeatures } from '../domain/instance.ts'
import type { Node } from '../domain/node.ts'
import { clientListeners, isAuthorized } from '../domain/security.ts'
import { isDynamic } from '../domain/setting-catalogue.ts'
import { settingCatalogueFor } from '../kafka/setting-catalogue.ts'
import type { NodeSpec } from '../providers/provider.ts'

/** From rows to what a provider and Kafka need. Pure. */
export type Siblings = {
  instance: Instance
  nodes: Node[]
  heapMiB: number
}

export function nodeSpecFor(node: Node, { instance, nodes, heapMiB }: Siblings): NodeSpec {
  return {
    instanceId: instance.id,
    clusterId: instance.clusterId,
    kafkaId: node.kafkaId,
    roles: node.roles,
    zone: node.zone,
    address: node.address,
    port: node.port,
    controllerPort: node.controllerPort,
    directoryId: node.directoryId,
    // Nobody sees the version of a node before its process has been started.
    isNew: node.version === null,
    version: node.targetVersion,
    heapMiB,
    voters: nodes.filter(isController).map((voter) => ({
      kafkaId: voter.kafkaId,
      directoryId: voter.directoryId,
      address: voter.address,
      controllerPort: voter.controllerPort,
    })),
    configs: staticSettingsOf({ version: node.targetVersion, features: instance.features }),
    ...securityOf(node, instance),
  }
}

function securityOf(node: Node, { features: { security }, authority }: Instance): Pick<NodeSpec, 'security'> {
  const { internalPort } = node
  if (internalPort === null) return {}
  const listeners = clientListeners(security, node)
  const rules = {
    isAuthorized: isAuthorized(security),
    ...(security?.keepsAnonymous && { keepsAnonymous: true }),
  }
  const parts = [...listeners.map(({ name, port }) => `${name}:${port}`), rules]
  const mark = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
  return { security: { internalPort, listeners, ...rules, own: security?.own ?? null, authority, mark } }
}

/** Settings that Kafka takes while it runs: they are kept in its metadata, so that they can be taken away again. */
export const dynamicSettingsOf = ({ version, features }: Versioned): Record<string, string> =>
  settingsOf(features, (key) => isDynamicSetting(version, key))

/** Settings that only a start can change: they are in the nodes' files. */
export const staticSettingsOf = ({ version, features }: Versioned): Record<string, string> =>
  settingsOf(features, (key) => !isDynamicSetting(version, key))

const isDynamicSetting = (version: string, key: string) => isDynamic(key, settingCatalogueFor(version))

type Versioned = { version: string; features: InstanceFeatures }

const settingsOf = ({ instanceConfigs = [] }: InstanceFeatures, isWanted: (key: string) => boolean) =>
  Object.fromEntries(instanceConfigs.filter(({ key }) => isWanted(key)).map(({ key, value }) => [key, value]))

/** The nodes that make up the cluster now: without those still to be added, and those being taken away. */
export const membersOf = (nodes: Node[], sightings: { kafkaId: number }[]): Node[] =>
  nodes.filter(({ kafkaId, intent }) => {
    const isThere = sightings.some((sighting) => sighting.kafkaId === kafkaId)
    return intent !== 'stop' && (intent !== 'join' || isThere)
  })

export const isController = (node: Node): boolean => node.roles.includes('controller')

/** What a healthy cluster of these nodes looks like. */
export const expectedOf = (nodes: Node[]) => ({
  brokers: nodes.map((node) => node.kafkaId),
  voters: nodes.filter(isController).map((node) => node.kafkaId),
})

/** The heap of the environment's machine type. */
export const heapOf = (machineTypes: MachineType[]): number => machineTypes[0]?.heapMiB ?? 256
