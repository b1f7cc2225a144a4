import type { Words } from '../words.ts'

/** The states of a consumer group, as Kafka writes them: classic ones, and those of KIP-848. */
const words: Record<string, Words> = {
  Stable: { label: 'Stable', tone: 'good', meaning: 'Its members read, each its own partitions.' },
  Empty: { label: 'Empty', tone: 'calm', meaning: 'Nobody reads. Where it stands is kept.' },
  PreparingRebalance: {
    label: 'Rebalancing',
    tone: 'busy',
    meaning: 'Members come or go: partitions are about to be given out anew.',
    isMoving: true,
  },
  CompletingRebalance: {
    label: 'Rebalancing',
    tone: 'busy',
    meaning: 'Partitions are being given out anew.',
    isMoving: true,
  },
  Assigning: { label: 'Rebalancing', tone: 'busy', meaning: 'Partitions are being given out anew.', isMoving: true },
  Reconciling: {
    label: 'Rebalancing',
    tone: 'busy',
    meaning: 'Members take over the partitions that they were given.',
    isMoving: true,
  },
  Dead: { label: 'Gone', tone: 'calm', meaning: 'It has neither members nor offsets any more.' },
}

/** A state that a newer Kafka has is shown as it is written. */
export const groupStateWords = (state: string): Words => words[state] ?? { label: state, tone: 'calm', meaning: state }

const typeWords: Record<string, string> = {
  classic: 'Classic consumer',
  consumer: 'Consumer (KIP-848)',
  share: 'Share',
  streams: 'Streams',
}

export const groupTypeWords = (type: string): string => typeWords[type] ?? type
