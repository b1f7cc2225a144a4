import type { ApiSchemas } from '../../client/client.ts'
import { partitionsIn } from '../components/partition-ranges.ts'

/** What a person has chosen of a reset, and what of it is asked of the server. Pure. */
const resetTargets = ['earliest', 'latest', 'offset', 'shift', 'time'] as const
export type ResetTo = (typeof resetTargets)[number]

export type ResetDraft = {
  to: ResetTo
  offset: number | ''
  by: number | ''
  /** As the browser's field has it: local time, without a zone. */
  at: string
  /** '': all topics of the group. */
  topic: string
  /** As typed; '': all of the topic. */
  partitions: string
}

export const emptyReset: ResetDraft = { to: 'earliest', offset: '', by: '', at: '', topic: '', partitions: '' }

type OffsetReset = ApiSchemas['OffsetReset']

/** Nothing while something is missing or not understood. */
export function resetBodyOf(draft: ResetDraft): OffsetReset | null {
  const target = targetOf(draft)
  const partitions = draft.topic === '' ? [] : partitionsIn(draft.partitions)
  if (!target || !partitions) return null
  return {
    target,
    ...(draft.topic !== '' && { topic: draft.topic }),
    ...(partitions.length > 0 && { partitions }),
  }
}

function targetOf({ to, offset, by, at }: ResetDraft): OffsetReset['target'] | null {
  switch (to) {
    case 'earliest':
    case 'latest':
      return { to }
    case 'offset':
      return offset === '' || offset < 0 ? null : { to, offset }
    case 'shift':
      return by === '' ? null : { to, by }
    case 'time': {
      const moment = new Date(at)
      return Number.isNaN(moment.getTime()) ? null : { to, at: moment.toISOString() }
    }
  }
}

/** Why there is nothing to ask yet. */
export function resetHint({ to, topic, partitions }: ResetDraft): string {
  if (topic !== '' && !partitionsIn(partitions)) return 'Write partitions as 0-3, 7.'
  const hints: Record<ResetTo, string> = {
    earliest: '',
    latest: '',
    offset: 'Give the offset, from 0.',
    shift: 'Give the number of records: on, or back with a minus.',
    time: 'Give the moment.',
  }
  return hints[to]
}
