import type { AppError, ErrorKind } from '../domain/errors.ts'

/**
 * What a step says when it returns: exactly one of these. Throwing is none of them; it means "try again" or "give up" by the
 * kind of the error.
 */
export type Outcome<S extends string = string> =
  | { kind: 'next'; step: S; why?: string }
  | { kind: 'wait'; seconds: number; why: string }
  | { kind: 'pause'; step: S; why: string }
  | { kind: 'done' }
  | { kind: 'cancelled'; why?: string }
  | { kind: 'give-up'; code: string; message: string }

/** Go on with another step, at once. `why`: where that is no matter of course, for the timeline and the Activity. */
export const next = <const S extends string>(step: S, why?: string): Outcome<S> => ({
  kind: 'next',
  step,
  ...(why !== undefined && { why }),
})

/** Nothing to do yet: run this step again after that many seconds. `why` is read by the person who waits. */
export const wait = (seconds: number, why: string): Outcome<never> => ({ kind: 'wait', seconds, why })

/** Stand still before that step until a person resumes or cancels. `why` says what they decide. */
export const pause = <const S extends string>(step: S, why: string): Outcome<S> => ({ kind: 'pause', step, why })

/** The Operation has reached its end. */
export const done: Outcome<never> = { kind: 'done' }

/** The Operation was cancelled and everything is safe. */
export const cancelled: Outcome<never> = { kind: 'cancelled' }

/** The same where nobody has asked for it: `why` stands beside the Instance's state until its next Operation. */
export const takenBack = (why: string): Outcome<never> => ({ kind: 'cancelled', why })

/** No repetition can help. The Instance goes to Error with these words; a person retries or deletes. */
export const giveUp = (code: string, message: string): Outcome<never> => ({ kind: 'give-up', code, message })

/** How a thrown error of each kind is taken in a step. */
type Treatment = 'give-up' | 'wait' | 'retry' | 'retry-then-give-up'

const treatments: Record<ErrorKind, Treatment> = {
  invalid: 'give-up',
  unauthenticated: 'give-up',
  forbidden: 'give-up',
  'not-found': 'give-up',
  limit: 'give-up',
  conflict: 'wait',
  throttled: 'wait',
  unavailable: 'retry',
  bug: 'retry-then-give-up',
}

/** A bug may be a passing one (a race, a full table of handles), but it must not repeat for ever unseen. */
const mostBugFailures = 5

/** What a throw means: again later, or an outcome. */
export type Verdict = Outcome<never> | { kind: 'retry' }

export function verdictOn(error: AppError, failuresBefore: number): Verdict {
  const treatment = treatments[error.kind]
  if (treatment === 'wait') return wait(2, error.message)
  const giveUpNow =
    treatment === 'give-up' || (treatment === 'retry-then-give-up' && failuresBefore + 1 >= mostBugFailures)
  return giveUpNow ? giveUp(error.code, error.message) : { kind: 'retry' }
}

const firstBackOffSeconds = 0.5
const longestBackOffSeconds = 30

/** Doubling, at most half a minute, spread by a quarter so that many do not come back together. `random` in [0, 1). */
export function backOffSeconds(failures: number, random: number): number {
  const seconds = Math.min(longestBackOffSeconds, firstBackOffSeconds * 2 ** Math.min(failures - 1, 16))
  return seconds * (1 - random / 4)
}
