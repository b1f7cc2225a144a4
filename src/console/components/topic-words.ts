import { formatCount, formatDuration, plural } from '../format.ts'
import type { ListedTopic, TopicSetting } from '../api-types.ts'
import type { Tone, Words } from '../words.ts'

/** How topics read. Pure. */
export function formatRate(perSecond: number): string {
  const amount =
    perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1).replace(/\.0$/, '') : formatCount(Math.round(perSecond))
  return perSecond > 0 && amount === '0' ? '< 0.1' : amount
}

/** "7 d", "for ever", "compacted", "7 d, compacted". */
export function retentionWords({ retentionMs, cleanupPolicy }: Pick<ListedTopic, 'retentionMs' | 'cleanupPolicy'>) {
  if (retentionMs === null) return null
  const policies = (cleanupPolicy ?? 'delete').split(',').map((policy) => policy.trim())
  const time = retentionMs < 0 ? 'for ever' : formatDuration(retentionMs)
  if (!policies.includes('compact')) return time
  return policies.includes('delete') ? `${time}, compacted` : 'compacted'
}

type Replicas = Pick<ListedTopic, 'underReplicated' | 'offline'>

export function replicaWords({ underReplicated, offline }: Replicas): { label: string; tone: Tone; meaning: string } {
  if (offline > 0) {
    const meaning = 'Nobody leads them: they can be neither written nor read until a node with their records is back.'
    return { label: `${plural(offline, 'partition')} offline`, tone: 'bad', meaning }
  }
  if (underReplicated > 0) {
    const meaning = 'A replica of them is behind or away. They serve, with less to fall back on.'
    return { label: `${formatCount(underReplicated)} under-replicated`, tone: 'warn', meaning }
  }
  return { label: 'In sync', tone: 'good', meaning: 'Every replica of every partition has all records.' }
}

export const settingSourceWords: Record<TopicSetting['source'], Words> = {
  topic: { label: 'This topic', tone: 'busy', meaning: 'Set for this topic.' },
  'dynamic-broker': { label: 'One node', tone: 'warn', meaning: 'Set for the node that was asked, while it runs.' },
  'dynamic-default': {
    label: 'All nodes',
    tone: 'calm',
    meaning: 'Set for all nodes of the Instance, while they run.',
  },
  static: { label: 'The Instance', tone: 'calm', meaning: 'From the settings of the Instance’s nodes.' },
  default: { label: 'Kafka’s default', tone: 'calm', meaning: 'As Kafka has it.' },
  other: { label: 'Elsewhere', tone: 'calm', meaning: 'Kafka has it from somewhere else.' },
}
