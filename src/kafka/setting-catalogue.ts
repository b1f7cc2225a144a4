import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { isSecretName } from '../domain/kafka-settings.ts'
import { settingTypes, type SettingCatalogue, type SettingDefinition } from '../domain/setting-catalogue.ts'

/** The committed files of `kafka-settings/`, which `scripts/kafka-settings/generate.ts` makes from Kafka itself. */
const folder = new URL('../../kafka-settings/', import.meta.url)

const Range = z.strictObject({
  least: z.number().exactOptional(),
  most: z.number().exactOptional(),
  also: z.number().exactOptional(),
  oneOf: z.array(z.string()).exactOptional(),
  ignoresCase: z.boolean().exactOptional(),
  notEmpty: z.boolean().exactOptional(),
})

const Line = z.strictObject({
  type: z.enum(settingTypes),
  default: z.string().nullable().default(null),
  range: Range.nullable().default(null),
  importance: z.enum(['high', 'medium', 'low']),
  updateMode: z.enum(['read-only', 'per-broker', 'cluster-wide']),
  documentation: z.string().optional(),
})

const SettingsFile = z.strictObject({ version: z.string(), settings: z.record(z.string(), Line) })

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

const known = new Map<string, SettingCatalogue>()
let documentation: Record<string, string> | undefined

/**
 * What this Kafka version says of its settings; each file is read once. A version without a file, such as a distribution of
 * the team's own, is held against the nearest that has one, which the catalogue's `version` names.
 */
export function settingCatalogueFor(version: string): SettingCatalogue {
  const nearest = nearestVersion(version, catalogued())
  const found = known.get(nearest) ?? readSettings(nearest)
  known.set(nearest, found)
  return found
}

function readSettings(version: string): SettingCatalogue {
  documentation ??= z.record(z.string(), z.string()).parse(read('documentation.json'))
  const words = documentation
  const file = SettingsFile.parse(read(`${version}.json`))
  const definitions = Object.entries(file.settings).map(([key, line]): [string, SettingDefinition] => [
    key,
    {
      ...line,
      key,
      isSecret: line.type === 'password' || isSecretName(key),
      documentation: line.documentation ?? words[key] ?? '',
    },
  ])
  return { version: file.version, definitions: new Map(definitions) }
}

let versions: string[] | undefined
const catalogued = (): string[] =>
  (versions ??= readdirSync(folder).flatMap((name) => /^(\d+\.\d+\.\d+)\.json$/.exec(name)?.[1] ?? []))

/** The highest that is not above it; all above: the lowest. Only settings are guessed so, never a way to upgrade. */
export function nearestVersion(version: string, candidates: string[]): string {
  const ordered = candidates.toSorted(byNumbers)
  return ordered.findLast((candidate) => byNumbers(candidate, version) <= 0) ?? ordered[0]!
}

const byNumbers = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true })
