import { firstStanding, standingReasons, type AuthorityStanding } from './authority-standing.ts'

/**
 * Why a node must restart: the process that runs was started with something else than its Instance wants now. Read from the
 * nodes themselves, so a half-finished roll goes on wherever it is found. The heap is no reason: it follows the machine type at
 * the next start.
 */
export type StartedWith = {
  version: string
  configs: Record<string, string>
  heapMiB: number
  security?: StartedSecurity | undefined
}

/**
 * `mark` stands for the listeners and who may come; certificates of the user's are exchanged while Kafka runs. Absent: started
 * before there could be a second authority.
 */
export type StartedSecurity = { mark: string; authority?: AuthorityStanding | undefined }

/** What a change is about. Where else a node runs otherwise than it should is drift, and put right by nobody in passing. */
export type Alteration = { version: boolean; settings: 'all' | string[]; security: boolean; authority: boolean }

/** All that makes a node run otherwise than it should. An exchange of the authority reaches each at its next start. */
export const everything: Alteration = { version: true, settings: 'all', security: true, authority: false }
export const nothing: Alteration = { version: false, settings: [], security: false, authority: false }

export type RestartQuestion = {
  /** What the running process was started with; null when nobody knows. */
  running: StartedWith | null
  wanted: Omit<StartedWith, 'heapMiB'>
  about: Alteration
  /** Why somebody asked for a restart that has not been yet; null: nobody did. */
  asked: string | null
}

/** For people; empty: it runs as it should, as far as it is asked. */
export function restartReasons({ running, wanted, about, asked }: RestartQuestion): string[] {
  return [...(running ? differences(running, wanted, about) : unknown(about)), ...(asked ? [asked] : [])]
}

function differences(running: StartedWith, wanted: RestartQuestion['wanted'], about: Alteration): string[] {
  const keys = changedKeys(running.configs, wanted.configs).filter(
    (key) => about.settings === 'all' || about.settings.includes(key),
  )
  return [
    ...(about.version && running.version !== wanted.version ? [`version ${running.version} → ${wanted.version}`] : []),
    ...(keys.length === 0 ? [] : [`settings ${keys.join(', ')}`]),
    ...(about.security && running.security?.mark !== wanted.security?.mark ? ['listeners'] : []),
    ...(about.authority ? standingReasons(standingOf(running), standingOf(wanted)) : []),
  ]
}

export const standingOf = ({ security }: Pick<StartedWith, 'security'>): AuthorityStanding =>
  security?.authority ?? firstStanding

const unknown = ({ version, settings, security, authority }: Alteration): string[] =>
  version || security || authority || settings.length > 0 ? ['nobody knows what it runs with'] : []

/** Keys that one has and the other has not, or with another value; in order. */
export function changedKeys(before: Record<string, string>, after: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => before[key] !== after[key]).toSorted()
}
