import { no, yes, type DriftItem } from './drift.ts'
import { mayBeOwn } from './drift-nodes.ts'
import type { Answer, Instance } from './instance.ts'
import { isDynamic, isSecretSetting, type SettingCatalogue, type SettingType } from './setting-catalogue.ts'

/** Settings that hold for the whole cluster until they are taken away, against those that the Instance was given. */
export type SettingDriftEvidence = {
  instance: Pick<Instance, 'features'>
  settings: SettingCatalogue
  settingPrefixes: string[]
  found: SettingFound[]
  /** What single brokers were given beside it; it goes before the cluster's value. */
  overrides: (SettingFound & { kafkaId: number })[]
  /** Of the keys with an override those that no other broker could tell the cluster's value of. */
  hidden: string[]
  /** What Kafka keeps by itself, with the value that is no drift. */
  kept: Record<string, string>
}

export type SettingFound = {
  key: string
  /** Null: a secret. */
  value: string | null
}

export function settingDrift(evidence: SettingDriftEvidence): DriftItem[] {
  const { instance, found, hidden, kept, settings } = evidence
  const own = new Map((instance.features.instanceConfigs ?? []).map(({ key, value }) => [key, value]))
  const dynamic = [...own.keys()].filter((key) => isDynamic(key, settings))
  const keys = [...new Set([...dynamic, ...found.map(({ key }) => key)])].toSorted()
  const overrides = evidence.overrides.map((one) => overrideItem(one, own.get(one.key) ?? null, settings))
  const clusterWide = keys.flatMap((key) => {
    const there = found.find((one) => one.key === key)
    const shouldBe = own.get(key) ?? kept[key] ?? null
    const spelled = spellingOf(key, settings)
    if (!there && hidden.includes(key)) return []
    // Of a secret only its being there is told.
    const isRight = there && shouldBe !== null && (there.value === null || spelled(there.value) === spelled(shouldBe))
    return isRight ? [] : [itemFor(key, { there, shouldBe }, evidence)]
  })
  return [...clusterWide, ...overrides]
}

function overrideItem(
  { kafkaId, key, value }: SettingFound & { kafkaId: number },
  shouldBe: string | null,
  settings: SettingCatalogue,
): DriftItem {
  return {
    id: `broker-setting:${kafkaId}:${key}`,
    kind: 'broker-setting',
    kafkaId,
    key,
    is: value,
    shouldBe,
    isSecret: value === null || isSecretSetting(key, settings),
    adopt: no(
      `It holds for node ${kafkaId} alone, and an Instance has the same settings on every node. Set it there, or revert.`,
    ),
    revert: yes,
  }
}

type Found = { there: SettingFound | undefined; shouldBe: string | null }

function itemFor(key: string, { there, shouldBe }: Found, evidence: SettingDriftEvidence): DriftItem {
  const { settings, settingPrefixes } = evidence
  return {
    id: `cluster-setting:${key}`,
    kind: 'cluster-setting',
    kafkaId: null,
    key,
    is: there?.value ?? null,
    shouldBe,
    isSecret: there?.value === null || isSecretSetting(key, settings),
    adopt: mayAdopt(key, there, { settings, settingPrefixes }),
    revert: yes,
  }
}

type Rules = Pick<SettingDriftEvidence, 'settings' | 'settingPrefixes'>

function mayAdopt(key: string, there: SettingFound | undefined, { settings, settingPrefixes }: Rules): Answer {
  if (there?.value === null) return no('Kafka does not tell a secret. Set it with the Instance, or revert.')
  if (there && !isDynamic(key, settings)) {
    return no('An Instance has this in the files of its nodes, not in the cluster. Set it in its settings, or revert.')
  }
  return mayBeOwn({ key, value: there?.value ?? null }, settings, settingPrefixes)
}

/** Kafka tells a value in its own spelling: of `True` it makes `true`, of `0.50` it makes `0.5`. */
function spellingOf(key: string, { definitions }: SettingCatalogue): (text: string) => string {
  const spelling = spellings[definitions.get(key)?.type ?? 'string']
  return (text) => spelling(text.trim())
}

const asIs = (text: string) => text
const number = (text: string) => String(Number(text))

const spellings: Record<SettingType, (text: string) => string> = {
  boolean: (text) => text.toLowerCase(),
  short: number,
  int: number,
  // Beyond what a double holds exactly.
  long: (text) => (/^[+-]?\d+$/.test(text) ? String(BigInt(text.replace('+', ''))) : text),
  double: number,
  list: (text) => text.split(/\s*,\s*/).join(),
  string: asIs,
  class: asIs,
  password: asIs,
}
