import { instanceStates, type InstanceHealth, type InstanceState } from '../domain/instance.ts'
import type { NodeHealth } from '../domain/node.ts'
import { operationStatuses, type OperationStatus } from '../domain/operation.ts'

/**
 * What states are called and how they look. Full records: a new state does not compile until it has a word here.
 * Tones: `good` = as it should be, `busy` = Millrace works on it, `warn` = waits or is not whole, `bad` = needs a person.
 */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'calm'
export type Words = { label: string; tone: Tone; meaning: string; isMoving?: boolean }

export const instanceStateWords: Record<InstanceState, Words> = {
  Creating: { label: 'Creating', tone: 'busy', meaning: 'The Instance is being created.', isMoving: true },
  Running: { label: 'Running', tone: 'good', meaning: 'The Instance serves its clients and can be changed.' },
  Changing: {
    label: 'In Progress',
    tone: 'busy',
    meaning: 'The Instance is being changed. It goes on serving its clients.',
    isMoving: true,
  },
  Error: {
    label: 'Service Exception',
    tone: 'bad',
    meaning: 'Something failed and needs a decision: retry it, or delete the Instance.',
  },
  Deleting: {
    label: 'Deleting',
    tone: 'warn',
    meaning: 'The Instance no longer serves. Its nodes and data are being removed.',
    isMoving: true,
  },
  Deleted: { label: 'Deleted', tone: 'calm', meaning: 'The Instance is gone, and nothing of it is left.' },
}

export const instanceHealthWords: Record<InstanceHealth, Words> = {
  healthy: { label: 'Healthy', tone: 'good', meaning: 'Every node answers and every partition is in sync.' },
  degraded: { label: 'Degraded', tone: 'warn', meaning: 'The Instance serves, but not with all of its nodes.' },
  down: { label: 'Down', tone: 'bad', meaning: 'The Instance cannot serve its clients.' },
  unknown: { label: 'Not observed yet', tone: 'calm', meaning: 'Nothing was observed yet.' },
}

export const nodeHealthWords: Record<NodeHealth, Words> = {
  planned: { label: 'Planned', tone: 'calm', meaning: 'Its place is taken; it was not started yet.' },
  starting: { label: 'Starting', tone: 'busy', meaning: 'The process lives but does not answer yet.', isMoving: true },
  running: { label: 'Running', tone: 'good', meaning: 'It answers, and another broker sees it.' },
  unreachable: { label: 'Unreachable', tone: 'bad', meaning: 'The process lives, but does not answer.' },
  stopped: { label: 'Stopped', tone: 'bad', meaning: 'There is no process.' },
}

export const operationStatusWords: Record<OperationStatus, Words> = {
  Running: { label: 'Running', tone: 'busy', meaning: 'A step is at work.', isMoving: true },
  Waiting: { label: 'Waiting', tone: 'busy', meaning: 'A step waits for the world to catch up.', isMoving: true },
  Retrying: { label: 'Retrying', tone: 'warn', meaning: 'A step failed and is tried again.', isMoving: true },
  Paused: { label: 'Paused', tone: 'warn', meaning: 'Someone paused it. It goes on when it is resumed.' },
  Cancelling: { label: 'Cancelling', tone: 'warn', meaning: 'It is being taken back.', isMoving: true },
  Failed: { label: 'Failed', tone: 'bad', meaning: 'It gave up and needs a decision.' },
  Succeeded: { label: 'Succeeded', tone: 'good', meaning: 'It is done.' },
  Cancelled: { label: 'Cancelled', tone: 'calm', meaning: 'It was taken back.' },
}

export const isInstanceState = (word: string): word is InstanceState =>
  (instanceStates as readonly string[]).includes(word)

export const isOperationStatus = (word: string): word is OperationStatus =>
  (operationStatuses as readonly string[]).includes(word)

/** Not at its end yet: a failed Operation stays open until it is retried or its Instance is deleted. */
export const stillOpen = (status: OperationStatus): boolean => status !== 'Succeeded' && status !== 'Cancelled'
