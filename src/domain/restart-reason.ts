/**
 * Why a node must restart: the process that runs was started with something else than its Instance wants now. Read from the
 * nodes themselves, so a half-finished roll goes on wherever it is found.
 */
export type StartedWith = {
  version: string
  configs: Record<string, string>
  heapMiB: number
  security?: StartedSecurity | undefined
}

/** `mark` stands for the listeners and who may come. Certificates are exchanged while Kafka runs. */
export type StartedSecurity = { mark: string }

export type RestartQuestion = {
  /** What the running process was started with; null when nobody knows. */
  running: StartedWith | null
  wanted: StartedWith
  startedAt: Date | null
  /** A person asked at this time for a restart; null: nobody did. */
  askedAt: Date | null
  /** Why, where nobody but Millrace did. */
  askedWhy?: string
}

/** For people; empty: it runs as it should. */
export function restartReasons({
  running,
  wanted,
  startedAt,
  askedAt,
  askedWhy = 'asked for',
}: RestartQuestion): string[] {
  if (!running) return ['nobody knows what it runs with']
  const keys = changedKeys(running.configs, wanted.configs)
  return [
    ...(running.version === wanted.version ? [] : [`version ${running.version} → ${wanted.version}`]),
    ...(keys.length === 0 ? [] : [`settings ${keys.join(', ')}`]),
    ...(running.heapMiB === wanted.heapMiB ? [] : [`heap ${running.heapMiB} → ${wanted.heapMiB} MiB`]),
    ...(running.security?.mark === wanted.security?.mark ? [] : ['listeners']),
    ...(askedAt && startedAt && startedAt < askedAt ? [askedWhy] : []),
  ]
}

/** Keys that one has and the other has not, or with another value; in order. */
export function changedKeys(before: Record<string, string>, after: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => before[key] !== after[key]).toSorted()
}
