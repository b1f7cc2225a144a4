import type { ApiSchemas } from '../../client/client.ts'
import { partitionLimits, partitionProblem, topicNameProblem } from '../../domain/topic.ts'
import { wantedIn, type DraftRow } from './settings-draft.ts'

/** What a person has typed of a new topic, and what follows from it. Pure. */
const cleanupPolicies = ['delete', 'compact', 'compact,delete'] as const
export type CleanupPolicy = (typeof cleanupPolicies)[number]

export type TopicDraft = {
  name: string
  partitions: number | ''
  /** '': as many as the Instance gives by itself. */
  copies: number | ''
  policy: CleanupPolicy
  /** Milliseconds; '': as the Instance has it. */
  retention: string
  settings: DraftRow[]
}

export const emptyTopic: TopicDraft = {
  name: '',
  partitions: partitionLimits.usual,
  copies: '',
  policy: 'delete',
  retention: '',
  settings: [],
}

/** Settings with a field of their own. */
export const fieldedKeys = ['cleanup.policy', 'retention.ms'] as const

export const topicProblems = {
  name: (name: string) => (name === '' ? 'Name the topic.' : (topicNameProblem(name) ?? null)),
  partitions: (count: number | '') => partitionProblem(count === '' ? 0 : count) ?? null,
}

export function topicBodyOf(draft: TopicDraft): ApiSchemas['NewTopic'] {
  const { name, partitions, copies, policy, retention, settings } = draft
  const configs = [...(retention === '' ? [] : [{ key: 'retention.ms', value: retention }]), ...wantedIn(settings)]
  return {
    name,
    partition: Number(partitions),
    ...(copies !== '' && { replicationFactor: copies }),
    compactStrategy: policy.toUpperCase(),
    configs,
  }
}

const hour = 3_600_000
const day = 24 * hour

export const retentions: { value: string; label: string }[] = [
  { value: '', label: 'As the Instance has it' },
  { value: String(hour), label: '1 hour' },
  { value: String(day), label: '1 day' },
  { value: String(3 * day), label: '3 days' },
  { value: String(7 * day), label: '7 days' },
  { value: String(30 * day), label: '30 days' },
  { value: '-1', label: 'For ever' },
]
