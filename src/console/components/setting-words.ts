import type { EffectiveSetting, KnownSetting } from '../api-types.ts'
import { formatBytes, formatDuration } from '../format.ts'
import type { SettingsShown } from '../search.ts'
import type { Words } from '../words.ts'

/** How settings read, and which of them a filter leaves. Pure. */
type SettingOrigin = 'here' | 'millrace' | 'cluster' | 'kafka' | 'unknown'

export const originWords: Record<SettingOrigin, Words> = {
  here: { label: 'Set here', tone: 'busy', meaning: 'This Instance was given it.' },
  millrace: { label: 'Millrace', tone: 'calm', meaning: 'Millrace gives it to every node.' },
  cluster: {
    label: 'In the cluster',
    tone: 'warn',
    meaning: 'Set while Kafka runs: by Millrace for as long as data moves, or with Kafka’s own tools.',
  },
  kafka: { label: 'Kafka’s default', tone: 'calm', meaning: 'As Kafka has it.' },
  unknown: { label: 'Not known now', tone: 'calm', meaning: 'No node tells at the moment.' },
}

type Known = Pick<EffectiveSetting, 'wanted' | 'source'>

export function originOf({ wanted, source }: Known): SettingOrigin {
  if (wanted !== null) return 'here'
  if (source === null) return 'unknown'
  if (source === 'default') return 'kafka'
  return source === 'static' ? 'millrace' : 'cluster'
}

const isShown: Record<SettingsShown, (origin: SettingOrigin) => boolean> = {
  here: (origin) => origin === 'here',
  changed: (origin) => origin !== 'kafka' && origin !== 'unknown',
  all: () => true,
}

export const settingsIn = <S extends Known>(settings: S[], shown: SettingsShown): S[] =>
  settings.filter((setting) => isShown[shown](originOf(setting)))

type Named = Pick<KnownSetting, 'key' | 'documentation'>

/** Those that have every word, in the key before in what it says of itself. */
export function settingsMatching<S extends Named>(settings: S[], keyword: string): S[] {
  const words = keyword.toLowerCase().split(/\s+/).filter(Boolean)
  const hasAll = (text: string) => words.every((word) => text.includes(word))
  const byKey = settings.filter(({ key }) => hasAll(key))
  const byWords = settings.filter(
    (setting) => !byKey.includes(setting) && hasAll(`${setting.key} ${setting.documentation.toLowerCase()}`),
  )
  return [...byKey, ...byWords]
}

/** What a bare number of milliseconds or bytes amounts to: "7 d", "1 GiB"; undefined where there is nothing to add. */
export function amountWords(key: string, value: string): string | undefined {
  if (!/^\d+$/.test(value)) return undefined
  const number = Number(value)
  if (!Number.isSafeInteger(number)) return undefined
  if (key.endsWith('.ms')) return number < 1000 ? undefined : formatDuration(number)
  if (key.endsWith('.bytes')) return number < 1024 ? undefined : formatBytes(number)
  return undefined
}

const typeWords: Record<KnownSetting['type'], string> = {
  boolean: 'true or false',
  short: 'whole number',
  int: 'whole number',
  long: 'whole number',
  double: 'number',
  string: 'text',
  list: 'list, parted by commas',
  class: 'name of a Java class',
  password: 'secret',
}

/** "whole number, at least 1" */
export const kindWords = ({ type, range }: Pick<KnownSetting, 'type' | 'range'>): string =>
  [typeWords[type], range].filter(Boolean).join(', ')

/** A value as it stands on the page: no value and an empty one are told apart. */
export function valueWords(value: string | null): string {
  if (value === null) return 'none'
  return value === '' ? 'empty' : value
}

export const effectWords = ({ needsRestart }: Pick<KnownSetting, 'needsRestart'>): string =>
  needsRestart ? 'Needs a roll' : 'At once'
