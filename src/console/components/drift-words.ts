import type { DriftKind, DriftWay } from '../../domain/drift.ts'
import type { DriftItem } from '../api-types.ts'
import { plural } from '../format.ts'

/** How drift reads, and what can be done with what of it. */
type Subject = {
  name: string
  /** A setting's key, which is never broken into words. */
  isKey: boolean
  /** Where it was found. */
  place: string
}

export function subjectOf({ kind, kafkaId, key }: DriftItem): Subject {
  const { name, place } = kindWords[kind](kafkaId ?? 0)
  return { name: key ?? name, isKey: key !== null, place }
}

const kindWords: Record<DriftKind, (node: number) => { name: string; place: string }> = {
  'node-settings': (node) => ({ name: 'Settings', place: `Node ${node}, as it was started` }),
  'node-version': (node) => ({ name: 'Kafka version', place: `Node ${node}, as it was started` }),
  'cluster-setting': () => ({ name: 'Settings', place: 'Whole cluster, set in Kafka' }),
  'broker-setting': (node) => ({ name: 'Settings', place: `Node ${node} alone, set in Kafka` }),
  'foreign-broker': (node) => ({ name: `Broker ${node}`, place: 'In the cluster, but not made here' }),
  'unknown-process': (node) => ({ name: `Node ${node}`, place: 'Among the nodes, but not one of them' }),
}

/** Words for a value that is not there. */
type Sides = { is: string | null; isNone: string; shouldBe: string | null; shouldBeNone: string }

export function sidesOf({ kind, key, is, shouldBe }: DriftItem): Sides {
  if (key !== null) return { is, isNone: 'not set', shouldBe, shouldBeNone: 'not set' }
  const isStranger = kind === 'foreign-broker' || kind === 'unknown-process'
  if (isStranger) return { is, isNone: 'there', shouldBe, shouldBeNone: 'not there' }
  return { is, isNone: 'nobody knows', shouldBe, shouldBeNone: 'as the Instance says' }
}

export const countWords = (count: number): string =>
  `${plural(count, 'thing is', 'things are')} not as this Instance says`

const mostNamed = 3

/** The first of them: `num.io.threads, Broker 9 and 2 more`. */
export function namesOf(items: DriftItem[]): string {
  const names = [...new Set(items.map((item) => subjectOf(item).name))]
  const named = names.slice(0, names.length > mostNamed ? mostNamed - 1 : mostNamed)
  const more = names.length - named.length
  const parts = more > 0 ? [...named, `${more} more`] : named
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '')
}

/** What can be done with it, and why not the rest. */
export function outlookOf({ adopt, revert }: DriftItem): { label: string; reasons: string[] } {
  const reasons = [revert.why, adopt.why].filter((why) => why !== null)
  if (adopt.allowed) return { label: revert.allowed ? 'Adopt or revert' : 'Adopt only', reasons }
  return { label: revert.allowed ? 'Revert only' : 'Nothing yet', reasons }
}

export const canSettle = ({ adopt, revert }: DriftItem): boolean => adopt.allowed || revert.allowed

export const wayWords: Record<DriftWay, { label: string; passive: string; meaning: string }> = {
  adopt: {
    label: 'Adopt',
    passive: 'adopted',
    meaning: 'The Instance takes over what is there, and every node follows.',
  },
  revert: {
    label: 'Revert',
    passive: 'reverted',
    meaning: 'What is there becomes what the Instance says again.',
  },
}

/** Why these cannot go this way together; undefined: they can. */
export function whyNotWay(way: DriftWay, chosen: DriftItem[]): string | undefined {
  if (chosen.length === 0) return 'Tick at least one thing.'
  const refused = chosen.filter((item) => !item[way].allowed)
  const [first] = refused
  if (!first) return undefined
  const { passive } = wayWords[way]
  if (refused.length === chosen.length) {
    return chosen.length === 1 ? `It cannot be ${passive}.` : `None of these can be ${passive}.`
  }
  const which = refused.length === 1 ? subjectOf(first).name : `${refused.length} of the ticked`
  return `${which} cannot be ${passive}: untick ${refused.length === 1 ? 'it' : 'them'} first.`
}
