import { AppError } from '../../domain/errors.ts'

/**
 * Slows those who guess. Accounts carry their own count in the database; this one counts by whatever else a guess can be known
 * by: the caller's address, and names that nobody has, which must be as slow as those that somebody has. In memory, bounded:
 * who has failed longest ago is forgotten first.
 */
export type SignInThrottle = {
  /** Counts the attempt before it is judged, so that guesses sent together are counted too. Throws `Session.TooManyAttempts`. */
  take(guesser: string, now: Date): void
  /** May this refusal be written down? Not past so many an hour: guesses from many addresses must not fill the disk. */
  mayTell(now: Date): boolean
  /** It was no guess. */
  forget(guesser: string): void
}

const freeAttempts = 4
const longestPauseMs = 5 * 60_000
const mostGuessers = 10_000
const mostToldAnHour = 500

/** The pause after so many attempts without a success: none for the first, then a second, doubling to five minutes. */
export function pauseAfter(attempts: number): number {
  if (attempts <= freeAttempts) return 0
  return Math.min(longestPauseMs, 1000 * 2 ** Math.min(20, attempts - freeAttempts - 1))
}

export function makeSignInThrottle(): SignInThrottle {
  const guessers = new Map<string, { attempts: number; until: Date }>()
  let told = { count: 0, since: 0 }
  return {
    take(guesser, now) {
      const known = guessers.get(guesser)
      if (known && known.until > now) throw tooManyAttempts(known.until, now)
      const attempts = (known?.attempts ?? 0) + 1
      guessers.delete(guesser)
      guessers.set(guesser, { attempts, until: new Date(now.getTime() + pauseAfter(attempts)) })
      const oldest = guessers.keys().next().value
      if (guessers.size > mostGuessers && oldest !== undefined) guessers.delete(oldest)
    },
    mayTell(now) {
      if (now.getTime() - told.since >= 3600_000) told = { count: 0, since: now.getTime() }
      told.count += 1
      return told.count <= mostToldAnHour
    },
    forget: (guesser) => void guessers.delete(guesser),
  }
}

/** `detail` holds the seconds to wait. */
export function tooManyAttempts(until: Date, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  const message = `Too many wrong attempts. Try again in ${seconds} s.`
  return new AppError('throttled', 'Session.TooManyAttempts', message, { detail: String(seconds) })
}
