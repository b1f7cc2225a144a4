import type { FieldProblem } from './errors.ts'
import { isReservedSetting } from './kafka-settings.ts'
import { nearestName } from './nearest-name.ts'
import { isDynamic, type SettingCatalogue } from './setting-catalogue.ts'
import { settingValueProblem } from './setting-value.ts'

/**
 * What an Instance's own Kafka settings must satisfy, by what its version says of each key. What settings say of each other
 * (a heartbeat shorter than its session) only Kafka knows.
 */
export type Setting = { key: string; value: string }

/** What plugins read of the file; Kafka lists none of it. */
const pluginPrefixes = [
  'listener.name.',
  'config.providers.',
  'kafka.metrics.',
  'metrics.jmx.',
  'rsm.config.',
  'rlmm.config.',
]
/** Of Kafka's own authorizer, which is a plugin too. */
const pluginKeys = new Set(['super.users', 'allow.everyone.if.no.acl.found'])

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
    const problem = definition && settingValueProblem(value, definition)
    return problem ? [{ path: `${path}.value`, message: problem }] : []
  })
}

function settingKeyProblem(key: string, catalogue: SettingCatalogue, prefixes: string[]): string | undefined {
  if (isReservedSetting(key)) return `"${key}" makes the node what it is; Millrace sets it.`
  const isPlugins = pluginKeys.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
  if (isPlugins || catalogue.definitions.has(key)) return undefined
  const settable = [...catalogue.definitions.keys()].filter((known) => !isReservedSetting(known))
  const nearest = nearestName(key, settable)
  return `Kafka ${catalogue.version} has no broker setting "${key}". ${nearest ? `Did you mean "${nearest}"?` : 'Leave it out.'}`
}

export type SettingsChange = {
  /** What Kafka takes while it runs: set anew, and back to the default. */
  set: Record<string, string>
  removed: string[]
  /** Every changed key, by whether a node must restart for it. */
  restart: string[]
  dynamic: string[]
}

export function settingsChange(before: Setting[], after: Setting[], catalogue: SettingCatalogue): SettingsChange {
  const [old, wanted] = [before, after].map((list) => new Map(list.map(({ key, value }) => [key, value])))
  const changed = [...new Set([...old!.keys(), ...wanted!.keys()])]
    .filter((key) => old!.get(key) !== wanted!.get(key))
    .toSorted()
  const dynamic = changed.filter((key) => isDynamic(key, catalogue))
  return {
    set: Object.fromEntries(dynamic.filter((key) => wanted!.has(key)).map((key) => [key, wanted!.get(key)!])),
    removed: dynamic.filter((key) => !wanted!.has(key)),
    restart: changed.filter((key) => !isDynamic(key, catalogue)),
    dynamic,
  }
}
