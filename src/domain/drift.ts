import type { ChangeWish } from './change.ts'
import { AppError } from './errors.ts'
import type { Answer, Instance } from './instance.ts'

/**
 * Drift: where what is there is not what the Instance says. Each item can be adopted (the Instance takes what is there) or
 * reverted (what is there becomes what the Instance says), or says why not. Found by `drift-nodes.ts`, `drift-settings.ts`
 * and `drift-brokers.ts`; here it becomes a change.
 */
export const driftKinds = [
  'node-settings',
  'node-version',
  'cluster-setting',
  'broker-setting',
  'foreign-broker',
  'unknown-process',
] as const
export type DriftKind = (typeof driftKinds)[number]

export type DriftItem = {
  /** Names it in a request, the same from look to look: `node-settings:2:num.io.threads`. */
  id: string
  kind: DriftKind
  /** Kafka's id of the node or broker; null: it is about the whole cluster. */
  kafkaId: number | null
  /** Of a setting. */
  key: string | null
  /** Null: it is not there, or nobody can tell. */
  is: string | null
  /** Null: it should not be there. */
  shouldBe: string | null
  /** Its values are for nobody to read. */
  isSecret: boolean
  adopt: Answer
  revert: Answer
}

export const driftWays = ['adopt', 'revert'] as const
export type DriftWay = (typeof driftWays)[number]

export const yes: Answer = { allowed: true }
export const no = (why: string): Answer => ({ allowed: false, why })

/**
 * The items that are named, or all with which it can be done. Throws `invalid` when one that is named is not there
 * (`Drift.NotThere`) or cannot go this way (`Drift.Refused`), and when none of all can.
 */
export function chosenItems(items: DriftItem[], way: DriftWay, named: string[] | undefined): DriftItem[] {
  const missing = named?.filter((id) => !items.some((item) => item.id === id)) ?? []
  if (missing.length > 0) {
    throw new AppError('invalid', 'Drift.NotThere', `There is no such drift now: ${missing.join(', ')}. Look again.`)
  }
  const asked = named ? items.filter(({ id }) => named.includes(id)) : items
  const open = asked.filter((item) => item[way].allowed)
  const refused = asked.filter((item) => !item[way].allowed)
  if (refused.length > 0 && (named || open.length === 0)) {
    const words = refused.map((item) => `${item.id}: ${item[way].allowed ? '' : item[way].why}`)
    throw new AppError('invalid', 'Drift.Refused', words.join(' '))
  }
  return open
}

/** The change that does it; nothing in it: there is nothing to do. */
export function wishFor(way: DriftWay, items: DriftItem[], instance: Pick<Instance, 'features'>): ChangeWish {
  if (items.length === 0) return {}
  return way === 'adopt' ? wishToAdopt(items, instance) : wishToRevert(items)
}

function wishToAdopt(items: DriftItem[], { features }: Pick<Instance, 'features'>): ChangeWish {
  const settings = new Map((features.instanceConfigs ?? []).map(({ key, value }) => [key, value]))
  for (const [key, is] of valuesOf(items)) {
    if (is === null) settings.delete(key)
    else settings.set(key, is)
  }
  const versions = [...new Set(items.flatMap(({ kind, is }) => (kind === 'node-version' && is ? [is] : [])))]
  if (versions.length > 1) throw atOdds('versions', versions)
  const areSettings = items.some(({ key }) => key !== null)
  return {
    ...(versions[0] !== undefined && { version: versions[0] }),
    ...(areSettings && { instanceConfigs: [...settings].map(([key, value]) => ({ key, value })) }),
    drift: { way: 'adopt' },
  }
}

/** What each setting is. Throws `invalid` (`Drift.AtOdds`) where nodes have it otherwise. */
function valuesOf(items: DriftItem[]): Map<string, string | null> {
  const values = new Map<string, string | null>()
  for (const { key, is, isSecret } of items) {
    if (key === null) continue
    const known = values.get(key)
    if (known !== undefined && known !== is) throw atOdds(key, isSecret ? [] : [known ?? 'default', is ?? 'default'])
    values.set(key, is)
  }
  return values
}

function atOdds(what: string, values: string[]): AppError {
  const which = values.length > 0 ? ` (${values.join(', ')})` : ''
  const advice = 'Choose that of one node to adopt, or revert.'
  return new AppError('invalid', 'Drift.AtOdds', `Nodes differ in ${what}${which}: not all can be adopted. ${advice}`)
}

function wishToRevert(items: DriftItem[]): ChangeWish {
  return {
    drift: {
      way: 'revert',
      nodes: idsOf(items, 'node-settings', 'node-version'),
      settings: items.flatMap(({ kind, key }) => (kind === 'cluster-setting' && key !== null ? [key] : [])),
      overrides: items.flatMap(({ kind, kafkaId, key }) =>
        kind === 'broker-setting' && kafkaId !== null && key !== null ? [{ kafkaId, key }] : [],
      ),
      brokers: idsOf(items, 'foreign-broker', 'unknown-process'),
    },
  }
}

const idsOf = (items: DriftItem[], ...kinds: DriftKind[]): number[] => [
  ...new Set(items.flatMap(({ kind, kafkaId }) => (kinds.includes(kind) && kafkaId !== null ? [kafkaId] : []))),
]

/** What a revert of the items makes of them, for its plan. */
export function revertedBy(items: DriftItem[]): { what: string; from: string; to: string }[] {
  return items.map((item) => {
    const [from, to] = item.isSecret ? ['(hidden)', '(hidden)'] : [item.is ?? 'none', item.shouldBe ?? 'none']
    const subject = item.key ?? subjects[item.kind]
    return { what: item.kafkaId === null ? subject : `${subject} of node ${item.kafkaId}`, from, to }
  })
}

const subjects: Record<DriftKind, string> = {
  'node-settings': 'settings',
  'node-version': 'version',
  'cluster-setting': 'settings of the cluster',
  'broker-setting': 'settings',
  'foreign-broker': 'a broker that nobody made here, in the place',
  'unknown-process': 'a process that nobody made here, in the place',
}
