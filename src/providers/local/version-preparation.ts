import { AppError, toAppError } from '../../domain/errors.ts'
import { ensureDistribution } from '../../kafka/distribution.ts'
import type { DistributionRequest } from '../../kafka/distribution.ts'
import { findDistribution } from '../../kafka/installed-distribution.ts'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import type { Preparation } from '../provider.ts'

/** Brings versions onto this machine in the background, once each, however many ask. */
export type VersionPreparations = {
  /** Returns at once. Throws the failure of the last attempt, and makes the next one after a pause. */
  prepare(version: string): Preparation
  /** The version, ready, as prepared by this process or an earlier one. Throws `unavailable` (`Version.NotReady`) otherwise. */
  ready(version: string): Promise<Distribution>
}

type Attempt =
  | { stage: 'working'; why: string }
  | { stage: 'ready'; distribution: Distribution }
  | { stage: 'failed'; error: AppError; atMs: number }

const pauseAfterFailureMs = 10_000

export function makeVersionPreparations(
  request: Omit<DistributionRequest, 'version' | 'onProgress'>,
): VersionPreparations {
  const attempts = new Map<string, Attempt>()

  function begin(version: string): Attempt {
    const working: Attempt = { stage: 'working', why: `Looking for Kafka ${version} on this machine` }
    attempts.set(version, working)
    const onProgress = (words: string) => {
      working.why = words
    }
    ensureDistribution({ ...request, version, onProgress }).then(
      (distribution) => attempts.set(version, { stage: 'ready', distribution }),
      (error: unknown) => attempts.set(version, { stage: 'failed', error: toAppError(error), atMs: Date.now() }),
    )
    return working
  }

  return {
    prepare(version) {
      const last = attempts.get(version)
      const isOver = last?.stage === 'failed' && Date.now() - last.atMs >= pauseAfterFailureMs
      const attempt = last && !isOver ? last : begin(version)
      if (attempt.stage === 'failed') throw attempt.error
      return attempt.stage === 'ready' ? { ready: true } : { ready: false, why: attempt.why }
    },
    async ready(version) {
      const attempt = attempts.get(version)
      if (attempt?.stage === 'ready') return attempt.distribution
      const found = attempt?.stage === 'working' ? undefined : await findDistribution({ ...request, version })
      if (found) return found
      throw new AppError('unavailable', 'Version.NotReady', `Kafka ${version} is not ready on this machine yet.`)
    },
  }
}
