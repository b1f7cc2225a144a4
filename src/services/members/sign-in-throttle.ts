import { AppError } from '../../domain/errors.ts'

/**
 * Slows those who guess. Accounts carry their own count in the database; this one counts by the caller's address, so that
 * guessing many names from one place is slow too. In memory, bounded: the oldest address gives way.
 */
export type SignInThrottle = {
  /** Throws `Session.TooManyAttempts` while the address must wait. */
  refuse(source: string, now: Date): void
  recordFailure(source: string, now: Date): void
  forget(source: string): void
}

const freeFailures = 5
const longestPauseMs = 5 * 60_000
const mostSources = 10_000

/** Nothing for the first failures, then a second, doubling to five minutes. */
export function pauseAfterFailures(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(longestPauseMs, 1000 * 2 ** Math.min(20, failures - freeFailures))
}

export function makeSignInThrottle(): SignInThrottle {
  const sources = new Map<string, { failures: number; until: Date }>()
  return {
    refuse(source, now) {
      const known = sources.get(source)
      if (known && known.until > now) throw tooManyAttempts(known.until, now)
    },
    recordFailure(source, now) {
      const failures = (sources.get(source)?.failures ?? 0) + 1
      sources.delete(source)
      sources.set(source, { failures, until: new Date(now.getTime() + pauseAfterFailures(failures)) })
      const oldest = sources.keys().next().value
      if (sources.size > mostSources && oldest !== undefined) sources.delete(oldest)
    },
    forget: (source) => void sources.delete(source),
  }
}

/** `detail` holds the seconds to wait. */
export function tooManyAttempts(until: Date, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  const message = `Too many wrong attempts. Try again in ${seconds} s.`
  return new AppError('throttled', 'Session.TooManyAttempts', message, { detail: String(seconds) })
}
