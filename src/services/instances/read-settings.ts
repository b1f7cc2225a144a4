import type { InstanceId } from '../../domain/id.ts'
import type { Node } from '../../domain/node.ts'
import { isSecretSetting, type SettingCatalogue, type SettingDefinition } from '../../domain/setting-catalogue.ts'
import type { EffectiveSetting, KafkaClusters } from '../../kafka/cluster.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { settingCatalogueFor } from '../../kafka/setting-catalogue.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'

/**
 * Every setting of an Instance's brokers: what its Kafka version says of it, what a running broker has, and what the Instance
 * was given. No value of a secret leaves here.
 */
export type SettingsReading = {
  catalogue: SettingCatalogue
  /** Why no broker could tell what it runs with; then no setting has a value. */
  problem: string | null
  settings: SettingReading[]
}

export type SettingReading = {
  definition: SettingDefinition
  value: string | null
  source: EffectiveSetting['source'] | null
  wanted: string | null
}

export async function readSettings({ db, clusters }: ServiceContext, id: InstanceId): Promise<SettingsReading> {
  const { version, features } = await getInstance(db, id)
  const catalogue = settingCatalogueFor(version)
  const told = await askAnyNode(clusters, await listNodes(db, id))
  const effective = Array.isArray(told) ? new Map(told.map((setting) => [setting.key, setting])) : null
  const wanted = new Map((features.instanceConfigs ?? []).map(({ key, value }) => [key, value]))

  const keys = new Set([...catalogue.definitions.keys(), ...(effective?.keys() ?? []), ...wanted.keys()])
  const settings = [...keys].toSorted().map((key) => {
    const definition = catalogue.definitions.get(key) ?? unlisted(key, effective?.get(key), catalogue)
    return reading(definition, { effective, wanted: wanted.get(key) ?? null })
  })
  return { catalogue, problem: Array.isArray(told) ? null : told.problem, settings }
}

type Known = { effective: Map<string, EffectiveSetting> | null; wanted: string | null }

function reading(definition: SettingDefinition, { effective, wanted }: Known): SettingReading {
  const isSecret = definition.isSecret || !!effective?.get(definition.key)?.isSecret
  const hidden = (value: string | null) => (isSecret && value !== null ? '(hidden)' : value)
  // A broker keeps its internal settings to itself: they are as Kafka has them.
  const { value, source } = effective?.get(definition.key) ?? { value: definition.default, source: 'default' as const }
  return {
    definition: { ...definition, isSecret },
    value: effective && !isSecret ? value : null,
    source: effective && source,
    wanted: hidden(wanted),
  }
}

/** What plugins read, and what Kafka's catalogue leaves out. */
function unlisted(key: string, told: EffectiveSetting | undefined, catalogue: SettingCatalogue): SettingDefinition {
  return {
    key,
    type: 'string',
    default: null,
    range: null,
    importance: 'low',
    updateMode: !told || told.isReadOnly ? 'read-only' : 'cluster-wide',
    isSecret: isSecretSetting(key, catalogue),
    documentation: '',
  }
}

const longestWaitMs = 2_000
/** All brokers of an Instance are set alike; a few are asked, because one may hang. */
const mostAsked = 3

async function askAnyNode(clusters: KafkaClusters, nodes: Node[]): Promise<EffectiveSetting[] | { problem: string }> {
  const asked = nodes.filter(({ intent }) => intent === 'stay').slice(0, mostAsked)
  const endpoints = asked.map(endpointOf)
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), longestWaitMs)
  try {
    const told = await Promise.race([
      Promise.any(endpoints.map(({ kafkaId }) => clusters.describeSettings(endpoints, kafkaId))),
      late.promise,
    ])
    return told ?? { problem: `No node answered within ${longestWaitMs / 1000} seconds.` }
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error]
    return { problem: first instanceof Error ? first.message : 'The Instance has no node that could be asked.' }
  } finally {
    clearTimeout(timer)
  }
}
