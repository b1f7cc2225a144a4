import type { FieldProblem } from './errors.ts'
import { isReservedSetting, isSecretName } from './kafka-settings.ts'
import { nearestName } from './nearest-name.ts'
import type { SettingCatalogue } from './setting-catalogue.ts'
import { settingValueProblem } from './setting-value.ts'

/**
 * What an Instance's own Kafka settings must satisfy, by what its version says of each key. What settings say of each other
 * (a heartbeat shorter than its session) only Kafka knows.
 */
export type Setting = { key: string; value: string }

/** What plugins read of the file; Kafka lists none of it. */
const pluginPrefixes = ['config.providers.', 'kafka.metrics.', 'metrics.jmx.', 'rsm.config.', 'rlmm.config.']

/** More than Kafka itself has. */
const mostSettings = 500

/** Everything wrong with them, each with its field. `extraPrefixes`: what the nodes here understand beyond Kafka. */
export function settingProblems(
  settings: Setting[],
  catalogue: SettingCatalogue,
  extraPrefixes: string[] = [],
): FieldProblem[] {
  if (settings.length > mostSettings) {
    return [
      { path: 'features.instanceConfigs', message: `An Instance has at most ${mostSettings} settings of its own.` },
    ]
  }
  const prefixes = [...pluginPrefixes, ...extraPrefixes]
  const seen = new Set<string>()
  return settings.flatMap(({ key, value }, index) => {
    const path = `features.instanceConfigs.${index}`
    const isTwice = seen.has(key)
    seen.add(key)
    const keyProblem = isTwice ? `"${key}" is given twice.` : settingKeyProblem(key, catalogue, prefixes)
    if (keyProblem) return [{ path: `${path}.key`, message: keyProblem }]
    const definition = catalogue.definitions.get(key)
    const isSecret = definition ? definition.type === 'password' : isSecretName(key)
    const problem = (isSecret && secretProblem(key, value)) || (definition && settingValueProblem(value, definition))
    return problem ? [{ path: `${path}.value`, message: problem }] : []
  })
}

/** Settings are kept and told as they were sent. Where a secret is to be found is none. */
function secretProblem(key: string, value: string): string | undefined {
  if (/^\$\{[^}]+\}$/.test(value.trim())) return undefined
  return `${key} is a secret, and settings are kept in clear. Say where the nodes find it, such as \${file:/etc/kafka/secrets:key} with config.providers, or leave it out.`
}

function settingKeyProblem(key: string, catalogue: SettingCatalogue, prefixes: string[]): string | undefined {
  if (isReservedSetting(key)) return `"${key}" makes the node what it is; Millrace sets it.`
  const isPlugins = prefixes.some((prefix) => key.startsWith(prefix))
  if (isPlugins || catalogue.definitions.has(key)) return undefined
  const settable = [...catalogue.definitions.keys()].filter((known) => !isReservedSetting(known))
  const nearest = nearestName(key, settable)
  return `Kafka ${catalogue.version} has no broker setting "${key}". ${nearest ? `Did you mean "${nearest}"?` : 'Leave it out.'}`
}

/** For each kind of topic: what must be in sync, of how many replicas. Three, two of them in sync, unless set. */
const replicaPairs = [
  { needed: 'min.insync.replicas', copies: 'default.replication.factor' },
  { needed: 'transaction.state.log.min.isr', copies: 'transaction.state.log.replication.factor' },
  { needed: 'share.coordinator.state.topic.min.isr', copies: 'share.coordinator.state.topic.replication.factor' },
  { needed: null, copies: 'offsets.topic.replication.factor' },
]
const usualCopies = 3
const usualNeeded = 2

/**
 * What Kafka takes and then cannot live with: more replicas than there are nodes, or so many in sync that no node could ever
 * restart.
 */
export function replicaProblems(settings: Setting[], nodeCount: number): FieldProblem[] {
  return replicaPairs.flatMap(({ needed, copies }) => {
    const copiesAt = settings.findIndex(({ key }) => key === copies)
    const neededAt = settings.findIndex(({ key }) => key === needed)
    const factor = copiesAt < 0 ? Math.min(usualCopies, nodeCount) : Number(settings[copiesAt]!.value)
    const inSync = neededAt < 0 ? usualNeeded : Number(settings[neededAt]!.value)
    const problemAt = (index: number, message: string) => [{ path: `features.instanceConfigs.${index}.value`, message }]
    if (copiesAt >= 0 && factor > nodeCount) {
      return problemAt(copiesAt, `${copies} is ${factor}, and the Instance has ${nodeCount} nodes.`)
    }
    if (needed && inSync > factor && neededAt + copiesAt > -2) {
      const advice = `Nothing could be written with ${inSync} replicas in sync of ${factor}: ${needed} is at most ${copies}.`
      return problemAt(neededAt < 0 ? copiesAt : neededAt, advice)
    }
    return []
  })
}
